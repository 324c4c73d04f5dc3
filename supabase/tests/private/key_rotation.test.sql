-- Keys are random, long and split with Vault where Vault is; a new version leaves the old ones at
-- work.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(15);

select set_eq(
  'select purpose, version from private.keys where replaced_at is null',
  $$values ('encryption', 1), ('signing', 1), ('blind_index', 1)$$,
  'each purpose has a key from the start'
);
select is(
  (select count(distinct private.key(purpose, version)) from private.keys), 3::bigint,
  'no two of them are the same'
);
select is(
  (select array_agg(distinct octet_length(private.key(purpose, version))) from private.keys),
  array[32], 'each has 256 bits'
);
-- true in the Docker stack, which has Vault; false where there is none
select is(
  (select array_agg(distinct in_vault) from private.keys),
  array[exists (select from pg_extension where extname = 'supabase_vault')],
  'half of each is in Vault where Vault is'
);
select is_empty(
  $$
    select purpose
    from private.keys
    where in_vault and secret = private.key(purpose, version)
  $$,
  'the half in the table is not the key'
);
select throws_ok(
  $$
    insert into private.keys (purpose, version, secret, in_vault, replaced_at)
    values ('encryption', 99, 'short', false, now())
  $$,
  '23514', null, 'a short key is refused'
);
select throws_ok(
  $$
    insert into private.keys (purpose, version, secret, in_vault)
    values ('encryption', 99, extensions.gen_random_bytes(32), false)
  $$,
  '23505', null, 'a purpose has one active key'
);

select private.encrypt_sensitive('of the first', 'a') as first \gset
select private.sign('of the first', 'a') as signature \gset
select is(private.rotate_key('encryption'), 2, 'rotation returns the new version');
select is(private.rotate_key('signing'), 2, 'each purpose counts its own');
select matches(
  private.encrypt_sensitive('of the second', 'a'), '^v2\.', 'the new version encrypts from now on'
);
select is(private.decrypt_sensitive(:'first', 'a'), 'of the first', 'the old one still decrypts');
select matches(private.sign('of the second', 'a'), '^v2\.', 'the new version signs');
select ok(private.verify('of the first', :'signature', 'a'), 'the old one still verifies');
select throws_ok(
  $$select private.rotate_key('postage')$$, '23514', null, 'there are no other purposes'
);
select throws_ok(
  $$select private.active_key_version('postage')$$,
  'PL080', 'There is no key postage of version any.', 'a purpose without a key is said so'
);

select * from finish();
rollback;
