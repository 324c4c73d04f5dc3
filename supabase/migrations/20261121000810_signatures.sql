-- Keyed hashes: signatures, which say that a text comes from here unchanged, and blind indexes,
-- which find an encrypted value by equality. Each has keys of its own, and a context keeps the hash
-- of one purpose from standing for another.

create function private.versioned_hash(purpose text, version int, context text, data text)
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select format('v%s.%s', versioned_hash.version, private.base64(private.keyed_hash(
    private.key(versioned_hash.purpose, versioned_hash.version),
    versioned_hash.context,
    convert_to(versioned_hash.data, 'UTF8')
  )));
$$;

comment on function private.versioned_hash(text, int, text, text) is
  'HMAC-SHA-256 of a text in a context by a version of a key, as v<version>.<base64>. Raises PL080 '
  'when there is no such version.';

create function private.sign(payload text, context text)
returns text
language sql
volatile
strict
security invoker
set search_path = ''
as $$
  select private.versioned_hash(
    'signing', private.active_key_version('signing'), sign.context, sign.payload
  );
$$;

comment on function private.sign(text, text) is
  'Signature of a payload by the active key, as v<version>.<base64>. The context names what is '
  'signed, as in cards.transfer, so that a signature of one kind is none of another. Write a '
  'payload of several fields as jsonb text, which keeps them apart. Null when one is null. Raises '
  'PL080 without a key.';

create function private.verify(payload text, signature text, context text)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  key_version constant int :=
    substring(signature from '^v([1-9][0-9]{0,8})\.[A-Za-z0-9+/]{43}=$')::int;
begin
  if not exists (
    select
    from private.keys
    where keys.purpose = 'signing' and keys.version = key_version and keys.retired_at is null
  ) then
    return false;
  end if;
  return coalesce(
    private.is_same_hash(
      convert_to(signature, 'UTF8'),
      convert_to(private.versioned_hash('signing', key_version, context, payload), 'UTF8'),
      private.derive_key(private.key('signing', key_version), 'compare')
    ),
    false
  );
end;
$$;

comment on function private.verify(text, text, text) is
  'True when sign() gave this signature for this payload and context, by any version that is not '
  'retired; false for everything else, also for a malformed signature or null. Raises PL080 only '
  'when the half of a key in Vault is missing.';

create function private.blind_index(plain_text text, context text)
returns text
language sql
volatile
strict
security invoker
set search_path = ''
as $$
  select private.versioned_hash(
    'blind_index', private.active_key_version('blind_index'), blind_index.context,
    blind_index.plain_text
  );
$$;

comment on function private.blind_index(text, text) is
  'Keyed hash to keep beside an encrypted value and find it by equality. Equal texts have equal '
  'hashes, so the column shows how often each occurs: not for values of few kinds. Normalise the '
  'text first. Context: schema.table.column, so that columns can not be joined. Null when one is '
  'null. A unique constraint on it does not hold while a rotation is under way. Raises PL080 '
  'without a key.';

create function private.blind_indexes(plain_text text, context text)
returns text[]
language sql
stable
strict
security invoker
set search_path = ''
as $$
  select array_agg(
    private.versioned_hash(
      'blind_index', keys.version, blind_indexes.context, blind_indexes.plain_text
    )
    order by keys.version desc
  )
  from private.keys
  where keys.purpose = 'blind_index' and keys.retired_at is null;
$$;

comment on function private.blind_indexes(text, text) is
  'What blind_index() gives or gave for a text, by each version that is not retired: search by '
  'column = any (private.blind_indexes(…)), which finds rows also while a rotation is under way.';

select private.rotate_key(purpose)
from unnest(array['signing', 'blind_index']) as purpose;
