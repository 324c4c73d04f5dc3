-- Where Vault is, half of a key lies there, and neither half alone opens anything. A stand-in of
-- Vault's shape takes its place; in the Docker stack every other test of keys runs on the real one.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(9);

create schema planted_vault;
create table planted_vault.secrets (name text unique, secret text, description text);
create view planted_vault.decrypted_secrets as
  select name, secret as decrypted_secret from planted_vault.secrets;
create function planted_vault.create_secret(secret text, name text, description text)
returns uuid
language sql
as $$
  insert into planted_vault.secrets (name, secret, description)
  values (create_secret.name, create_secret.secret, create_secret.description);
  select gen_random_uuid();
$$;
select private.encrypt_sensitive('before', 'a') as before \gset
create or replace function private.vault_schema() returns regnamespace
language sql stable set search_path = ''
as $$ select 'planted_vault'::regnamespace $$;

select max(version) + 1 as version from private.keys where purpose = 'encryption' \gset
select is(private.rotate_key('encryption'), :version, 'a key is rotated into Vault');
select is(
  (select name from planted_vault.secrets), 'plinth_encryption_' || :version,
  'its half there is named by purpose and version'
);
select private.encrypt_sensitive('after', 'a') as after \gset
select is(private.decrypt_sensitive(:'after', 'a'), 'after', 'it encrypts and decrypts');
select is(private.decrypt_sensitive(:'before', 'a'), 'before', 'older versions still decrypt');
select is_empty(
  $$
    select name
    from planted_vault.secrets
    join private.keys on keys.purpose = 'encryption' and keys.replaced_at is null
    where private.key('encryption', keys.version) in (keys.secret, decode(secrets.secret, 'base64'))
  $$,
  'threat: one half, from a dump or from who may read Vault, is not the key'
);
update planted_vault.secrets set secret = private.base64(extensions.gen_random_bytes(32))
where true;
select is(
  pg_temp.outcome(format('select private.decrypt_sensitive(%L, %L)', :'after', 'a')), 'PL082',
  'with the half of another Vault nothing opens'
);

update private.keys set replaced_at = now() - interval '1 hour' where version = :version;
select private.rotate_key('encryption') \g /dev/null
select private.retire_key('encryption', :version) \g /dev/null
select is(
  array(select name from planted_vault.secrets), array['plinth_encryption_' || (:version + 1)],
  'a retired key is gone from Vault too'
);
delete from planted_vault.secrets where true;
select throws_ok(
  $$select private.encrypt_sensitive('x')$$,
  'PL080', null, 'without its half in Vault a key is none'
);
create or replace function private.vault_schema() returns regnamespace
language sql stable set search_path = ''
as $$ select null::regnamespace $$;
select throws_ok(
  $$select private.encrypt_sensitive('x')$$,
  'PL080', null, 'nor without Vault'
);

select * from finish();
rollback;
