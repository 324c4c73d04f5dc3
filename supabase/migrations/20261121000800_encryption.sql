-- Keys, and encryption of single values: AES-256-CBC with a random IV, then HMAC-SHA-256 over it
-- and over the place where the value belongs (encrypt-then-MAC). Not pgp_sym_encrypt: its check is
-- a SHA-1 without a key, it can not bind a value to a place, and it stretches the key at each call.

create table private.keys (
  purpose text not null,
  version int not null,
  secret bytea,
  in_vault boolean not null,
  created_at timestamptz not null default now(),
  replaced_at timestamptz,
  retired_at timestamptz,
  primary key (purpose, version),
  constraint keys_purpose_check check (purpose in ('encryption', 'signing', 'blind_index')),
  constraint keys_version_check check (version > 0),
  constraint keys_secret_check check (
    case when retired_at is null then octet_length(secret) = 32 else secret is null end
  ),
  constraint keys_retired_at_check check (retired_at is null or replaced_at is not null)
);

create unique index keys_purpose_idx on private.keys (purpose) where replaced_at is null;

comment on table private.keys is
  'Keys by purpose and version. The version without an end is active and makes what is new; the '
  'others still open what is old.';
comment on column private.keys.secret is
  '32 random bytes: the key, or the half of it that is not in Vault; null once retired.';
comment on column private.keys.in_vault is
  'True when the other half lies in Vault, under plinth_<purpose>_<version>. Who reads only this '
  'table, a dump for one, or only Vault, as the service role may, has no key.';
comment on column private.keys.replaced_at is 'When a newer version took over; null while active.';
comment on column private.keys.retired_at is 'When the secret was destroyed; null until then.';

select private.define_error('PL080', 400, 'There is no key %s of version %s.',
  'It was retired, or its half in Vault is gone; a restored database needs the Vault it had.');
select private.define_error('PL081', 400, 'This is no text of encrypt_sensitive().',
  'It looks like v1.<base64>; it may have been cut, or never encrypted.');
select private.define_error('PL082', 400, 'The encrypted text does not open for context "%s".',
  'It was changed, or encrypted for another context: restore it, or name the context it had.');

create function private.key_lock(purpose text, version int)
returns bigint
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select hashtextextended(format('private.keys %s %s', key_lock.purpose, key_lock.version), 0);
$$;

comment on function private.key_lock(text, int) is
  'The advisory lock that a transaction shares while it writes values of a key version.';

-- Volatile, as whatever calls it: a statement that waited for a row gets it as it is now, perhaps
-- under a key that is younger than the snapshot of the statement.
create function private.key(purpose text, version int)
returns bytea
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  found_key private.keys;
  vault_half text;
begin
  select keys.* into found_key
  from private.keys
  where keys.purpose = key.purpose and keys.version = key.version;
  if found_key.in_vault and found_key.secret is not null then
    -- dynamic, because there is no Vault outside Supabase's own images
    execute 'select decrypted_secret from vault.decrypted_secrets where name = $1'
      into vault_half
      using format('plinth_%s_%s', key.purpose, key.version);
    found_key.secret := extensions.hmac(found_key.secret, decode(vault_half, 'base64'), 'sha256');
  end if;
  if found_key.secret is null then
    perform private.fail('PL080', key.purpose, key.version::text);
  end if;
  return found_key.secret;
end;
$$;

comment on function private.key(text, int) is
  'The 32 bytes of a key. Raises PL080 when there is no such version, it is retired, or its half '
  'in Vault is missing. Nobody holds a right on it.';

create function private.active_key_version(purpose text)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  active int;
begin
  loop
    select keys.version into active
    from private.keys
    where keys.purpose = active_key_version.purpose and keys.replaced_at is null;
    if active is null then
      perform private.fail('PL080', active_key_version.purpose, 'any');
    end if;
    -- held until the end, so that key_is_quiet() knows what is under way
    perform pg_advisory_xact_lock_shared(private.key_lock(active_key_version.purpose, active));
    -- an old snapshot may name a version that is replaced or gone by now; locking its row says so
    if current_setting('transaction_isolation') <> 'read committed' then
      perform keys.version
      from private.keys
      where keys.purpose = active_key_version.purpose and keys.version = active
      for share;
    end if;
    -- replaced between the reading and the lock: once more
    exit when exists (
      select
      from private.keys
      where keys.purpose = active_key_version.purpose
        and keys.version = active
        and keys.replaced_at is null
    );
  end loop;
  return active;
end;
$$;

comment on function private.active_key_version(text) is
  'The version that makes new values, locked against retirement until the transaction ends. Raises '
  'PL080 when the purpose has no key, 40001 when the version was replaced since the snapshot of a '
  'repeatable read transaction.';

create function private.key_is_quiet(purpose text, version int)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select exists (
    select
    from private.keys
    where keys.purpose = key_is_quiet.purpose
      and keys.version = key_is_quiet.version
      -- a rotation of this same transaction is not known to the others yet
      and keys.replaced_at < now()
      -- later statements must see what those others have committed
      and current_setting('transaction_isolation') = 'read committed'
      and case
        when pg_try_advisory_lock(private.key_lock(keys.purpose, keys.version))
          then pg_advisory_unlock(private.key_lock(keys.purpose, keys.version))
        else false
      end
  );
$$;

comment on function private.key_is_quiet(text, int) is
  'True when the version is replaced and no running transaction has made values of it: from here '
  'on none can appear. It waits for nobody.';

create function private.rotate_key(purpose text)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  has_vault constant boolean := exists (
    select from pg_catalog.pg_extension where extname = 'supabase_vault'
  );
  new_version int;
begin
  lock table private.keys in share row exclusive mode;
  update private.keys
  set replaced_at = now()
  where keys.purpose = rotate_key.purpose and keys.replaced_at is null;
  insert into private.keys (purpose, version, secret, in_vault)
  select
    rotate_key.purpose, coalesce(max(keys.version), 0) + 1, extensions.gen_random_bytes(32),
    has_vault
  from private.keys
  where keys.purpose = rotate_key.purpose
  returning keys.version into new_version;
  if has_vault then
    -- parameters, so that no log of statements shows the secret
    execute 'select vault.create_secret($1, $2, $3)' using
      encode(extensions.gen_random_bytes(32), 'base64'),
      format('plinth_%s_%s', rotate_key.purpose, new_version),
      'Half of a key of Plinth; the other half is in private.keys.';
  end if;
  return new_version;
end;
$$;

comment on function private.rotate_key(text) is
  'Makes a new version of a key active and returns it; older versions still open what they closed. '
  'Parameter: encryption, signing or blind_index. Half of the key goes to Vault where Vault is. '
  'Raises 23514 for another purpose.';

create function private.base64(data bytea)
returns text
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  -- encode() breaks lines as in a mail
  select translate(encode(base64.data, 'base64'), E'\n', '');
$$;

comment on function private.base64(bytea) is 'Bytes as base64 on one line.';

create function private.keyed_hash(key bytea, context text, data bytea)
returns bytea
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  -- The length in front keeps (ab, c) apart from (a, bc).
  select extensions.hmac(
    int4send(octet_length(place)) || place || keyed_hash.data, keyed_hash.key, 'sha256'
  )
  from convert_to(keyed_hash.context, 'UTF8') as place;
$$;

comment on function private.keyed_hash(bytea, text, bytea) is
  'HMAC-SHA-256 of data in a context: the same data in another context has another hash.';

create function private.is_same_hash(given bytea, expected bytea, key bytea)
returns boolean
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  -- SQL has no comparison in constant time. This one stops at the first byte that differs as well,
  -- but of hashes that nobody without the key can compute, so its time says nothing about expected.
  select extensions.hmac(is_same_hash.given, is_same_hash.key, 'sha256')
    = extensions.hmac(is_same_hash.expected, is_same_hash.key, 'sha256');
$$;

comment on function private.is_same_hash(bytea, bytea, bytea) is
  'Compares two hashes without telling by its time how much of a forged one is right.';

create function private.derive_key(key bytea, use text)
returns bytea
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select extensions.hmac(convert_to(derive_key.use, 'UTF8'), derive_key.key, 'sha256');
$$;

comment on function private.derive_key(bytea, text) is
  'A key for one use, made from another: who learns it learns neither that one nor those of other '
  'uses.';

create function private.encrypt_sensitive(plain_text text, context text default '')
returns text
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  version int;
  key bytea;
  iv bytea;
  sealed bytea;
begin
  if encrypt_sensitive.context is null then
    raise exception using
      errcode = '23502',
      message = 'The context of an encrypted text is null.',
      hint = 'Name the place of the text, as in schema.table.column.key, or leave it out.';
  end if;
  if plain_text is null then
    return null;
  end if;
  version := private.active_key_version('encryption');
  key := private.key('encryption', version);
  iv := extensions.gen_random_bytes(16);
  -- the first byte is the format, so that another cipher can stand beside this one
  sealed := '\x01'::bytea || iv || extensions.encrypt_iv(
    convert_to(plain_text, 'UTF8'), private.derive_key(key, 'encrypt'), iv, 'aes-cbc/pad:pkcs'
  );
  return format('v%s.%s', version, private.base64(
    sealed || private.keyed_hash(private.derive_key(key, 'authenticate'), context, sealed)
  ));
end;
$$;

comment on function private.encrypt_sensitive(text, text) is
  'A text encrypted with the active key, as v<version>.<base64>: another one at each call. The '
  'context, such as schema.table.column.key, is not kept in it: only who names the same one can '
  'open it, so it can not be moved to another row. Null for null. Raises 23502 for a context that '
  'is null, PL080 without a key.';

create function private.decrypt_sensitive(encrypted_text text, context text default '')
returns text
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  parts constant text[] :=
    regexp_match(encrypted_text, '^v([1-9][0-9]{0,8})\.([A-Za-z0-9+/]+={0,2})$');
  data bytea;
  key bytea;
  mac_key bytea;
  sealed bytea;
begin
  if encrypted_text is null then
    return null;
  end if;
  if char_length(parts[2]) % 4 = 0 then
    data := decode(parts[2], 'base64');
  end if;
  -- format, IV, one block at least, hash; and one spelling only, which base64 alone does not give
  if coalesce(octet_length(data), 0) < 1 + 16 + 16 + 32
    or get_byte(data, 0) <> 1
    or private.base64(data) <> parts[2]
  then
    perform private.fail('PL081');
  end if;
  key := private.key('encryption', parts[1]::int);
  mac_key := private.derive_key(key, 'authenticate');
  sealed := substr(data, 1, octet_length(data) - 32);
  -- first of all, so that nothing is learnt from how the decryption of a forged text ends
  if private.is_same_hash(
    substr(data, octet_length(data) - 31), private.keyed_hash(mac_key, context, sealed), mac_key
  ) is not true then
    perform private.fail('PL082', context);
  end if;
  return convert_from(
    extensions.decrypt_iv(
      substr(sealed, 18), private.derive_key(key, 'encrypt'), substr(sealed, 2, 16),
      'aes-cbc/pad:pkcs'
    ),
    'UTF8'
  );
end;
$$;

comment on function private.decrypt_sensitive(text, text) is
  'The text that encrypt_sensitive() was given, with the same context. Null for null. Raises PL081 '
  'for what is no encrypted text, PL080 when its key is retired, PL082 when it was changed, cut, '
  'made with another key or for another context. No API role may call it.';

select private.rotate_key('encryption');

alter table private.keys enable row level security;
