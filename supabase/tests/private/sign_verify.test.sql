-- A signature is good for one payload, one context and one key, and is never an error.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(14);

select private.sign('{"card": 7, "to": "b"}', 'cards.transfer') as signature \gset

select matches(:'signature'::text, '^v1\.[A-Za-z0-9+/]{43}=$', 'a signature names its key version');
select is(
  private.sign('{"card": 7, "to": "b"}', 'cards.transfer'), :'signature'::text,
  'the same payload has the same signature'
);
select ok(private.verify('{"card": 7, "to": "b"}', :'signature', 'cards.transfer'), 'it verifies');
select is(
  private.verify('{"card": 7, "to": "c"}', :'signature', 'cards.transfer'), false,
  'threat: another payload under the same signature'
);
select is(
  private.verify('{"card": 7, "to": "b"}', :'signature', 'cards.gift'), false,
  'threat: the signature of one purpose for another'
);
select isnt(
  private.sign('bc', 'a'), private.sign('c', 'ab'),
  'threat: signs that move from the payload to the context'
);
select is(
  (
    select array_agg(distinct private.verify(
      '{"card": 7, "to": "b"}',
      overlay(:'signature'::text placing
        case substr(:'signature', place, 1) when 'A' then 'B' else 'A' end from place),
      'cards.transfer'
    ))
    from generate_series(1, length(:'signature')) as place
  ),
  array[false], 'threat: a signature with any one sign changed'
);
select is(
  (
    select array_agg(distinct private.verify('x', malformed, 'y'))
    from unnest(array[
      null, '', 'x', 'v1', 'v1.', 'v1.AAAA', 'v0.' || repeat('A', 43) || '=',
      'v9.' || repeat('A', 43) || '=', 'v9999999999.' || repeat('A', 43) || '=',
      'v1.' || repeat('A', 44), 'v1.' || repeat('!', 43) || '=', private.sign('x', 'y') || E'\n'
    ]) as malformed
  ),
  array[false], 'what is no signature is false, and no error'
);
select is(private.verify(null, :'signature', 'cards.transfer'), false, 'no payload is false');
select is(private.verify('x', :'signature', null), false, 'no context is false');
select is(private.sign(null, 'x'), null::text, 'nothing is not signed');

select isnt(
  private.sign('x', 'y'), private.blind_index('x', 'y'),
  'threat: a blind index, which is stored in the open, as a signature'
);
select private.rotate_key('signing') \g /dev/null
select ok(
  private.verify('{"card": 7, "to": "b"}', :'signature', 'cards.transfer'),
  'it verifies after a rotation'
);
update private.keys set replaced_at = now() - interval '1 hour'
where purpose = 'signing' and version = 1;
select private.retire_key('signing', 1) \g /dev/null
select is(
  private.verify('{"card": 7, "to": "b"}', :'signature', 'cards.transfer'), false,
  'and no more once its key is retired'
);

select * from finish();
rollback;
