-- Threat: who can write an encrypted column changes a value, cuts it, or moves one to another row.
-- Each attempt is refused with a code, and none is ever decrypted to something else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(13);

select private.encrypt_sensitive('amount=0000000001', 'accounts.balance.1') as sealed \gset
select split_part(:'sealed', '.', 2) as body \gset

create function pg_temp.opens(encrypted_text text, context text default 'accounts.balance.1')
returns text
language sql
as $$
  select pg_temp.outcome(format(
    'select private.decrypt_sensitive(%L, %L)', encrypted_text, context
  ))
$$;

-- Bytes as encrypt_sensitive() writes them.
create function pg_temp.sealed(data bytea)
returns text
language sql
as $$
  select 'v1.' || private.base64(data)
$$;

select is(pg_temp.opens(:'sealed'), '00000', 'what nobody touched opens');
select is(
  (
    select array_agg(distinct pg_temp.opens(pg_temp.sealed(set_byte(
      decode(:'body', 'base64'), place, get_byte(decode(:'body', 'base64'), place) # 1
    ))))
    from generate_series(1, octet_length(decode(:'body', 'base64')) - 1) as place
  ),
  array['PL082'],
  'a bit that is changed in any byte of IV, text or hash is found'
);
select is(
  (
    select array_agg(distinct pg_temp.opens(pg_temp.sealed(
      substr(decode(:'body', 'base64'), 1, length)
    )))
    from generate_series(65, octet_length(decode(:'body', 'base64')) - 1) as length
  ),
  array['PL082'],
  'a text that is cut is found, at whichever byte'
);
select is(
  (
    select array_agg(distinct pg_temp.opens(left(:'sealed', length)))
    from generate_series(0, 80) as length
  ),
  array['PL081'],
  'a text that is too short to be one is none'
);
select is(
  (
    select array_agg(distinct pg_temp.opens(found))
    from unnest(array[
      'amount=1', 'v1', 'v1.', 'v1.%%%', 'v0.' || :'body', 'v01.' || :'body', 'v-1.' || :'body',
      'v9999999999.' || :'body', 'v1.' || :'body' || E'\n', 'v1. ' || :'body',
      'v1.' || :'body' || 'A', 'V1.' || :'body', :'body', 'x' || :'sealed',
      rtrim(:'sealed', '=') || 'A==='
    ]) as found
  ),
  array['PL081'],
  'what is no encrypted text is refused as such'
);
select is(
  pg_temp.opens(pg_temp.sealed('\x02'::bytea || substr(decode(:'body', 'base64'), 2))),
  'PL081', 'a format that does not exist is refused'
);
select is(
  pg_temp.opens('v1.' || translate(:'body', '=', '') || repeat('=', 3)), 'PL081',
  'another spelling of the same bytes is refused'
);
select is(
  pg_temp.opens(:'sealed', 'accounts.balance.2'), 'PL082', 'it does not open in another row'
);
select is(pg_temp.opens(:'sealed', ''), 'PL082', 'nor without a context');
select is(pg_temp.opens(:'sealed', null), 'PL082', 'nor with a context that is null');
select is(pg_temp.opens('v7.' || :'body'), 'PL080', 'a key version that does not exist is refused');

select private.rotate_key('encryption') \g /dev/null
select is(
  pg_temp.opens('v2.' || :'body'), 'PL082', 'it does not open by the key of another version'
);
select throws_ok(
  format('select private.decrypt_sensitive(%L, %L)', :'sealed', 'accounts.balance.2'),
  'PL082', 'The encrypted text does not open for context "accounts.balance.2".',
  'the refusal names the place, so that an operator finds the row'
);

select * from finish();
rollback;
