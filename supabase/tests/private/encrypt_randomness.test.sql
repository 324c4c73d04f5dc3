-- Threat: who reads an encrypted column learns which values are equal, or how they begin.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(4);

select is(
  (
    select count(distinct private.encrypt_sensitive('the same'))
    from generate_series(1, 100)
  ),
  100::bigint, 'the same text is encrypted to another one each time'
);
select is(
  (
    select count(distinct substr(
      decode(
        split_part(private.encrypt_sensitive(repeat('same start ', 10) || i), '.', 2), 'base64'
      ),
      18, 16
    ))
    from generate_series(1, 100) as i
  ),
  100::bigint, 'texts with the same beginning share no block'
);
select isnt(
  substr(
    decode(split_part(private.encrypt_sensitive('x'), '.', 2), 'base64'), 2, 16
  ),
  decode(repeat('00', 16), 'hex'), 'the IV is not the one of zeros that encrypt() takes'
);
select is(
  length(private.encrypt_sensitive('yes')), length(private.encrypt_sensitive('no')),
  'short texts are of one length'
);

select * from finish();
rollback;
