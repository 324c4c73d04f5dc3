-- How a business comes to an owner: a claim of one that nobody owns, or a transfer by its owner.
-- Both go by a token of 256 random bits that is used once, and of which only the hash is kept.

create table directory_internal.business_claims (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null
    constraint business_claims_business_id_fkey
    references directory.businesses (id) on delete cascade,
  kind text not null,
  token_hash bytea,
  requested_by uuid
    constraint business_claims_requested_by_fkey references auth.users (id) on delete cascade,
  to_user uuid
    constraint business_claims_to_user_fkey references auth.users (id) on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint business_claims_token_hash_key unique (token_hash),
  constraint business_claims_kind_check check (kind in ('claim', 'transfer')),
  constraint business_claims_token_hash_check check (octet_length(token_hash) = 32),
  constraint business_claims_expires_at_check check (expires_at > created_at),
  constraint business_claims_used_at_check check (used_at is null or cancelled_at is null),
  constraint business_claims_transfer_check check (kind = 'claim' or token_hash is not null)
);

create unique index business_claims_open_claim_key
  on directory_internal.business_claims (business_id, requested_by)
  where kind = 'claim' and used_at is null and cancelled_at is null;
create unique index business_claims_open_transfer_key
  on directory_internal.business_claims (business_id)
  where kind = 'transfer' and used_at is null and cancelled_at is null;
create index business_claims_business_id_idx on directory_internal.business_claims (business_id);
create index business_claims_requested_by_idx on directory_internal.business_claims (requested_by);
create index business_claims_to_user_idx on directory_internal.business_claims (to_user);

comment on table directory_internal.business_claims is
  'Claims and transfers of businesses, each with a token that is used once.';
comment on column directory_internal.business_claims.kind is 'claim or transfer.';
comment on column directory_internal.business_claims.token_hash is
  'SHA-256 of the token; null for a claim until a token is made for it.';
comment on column directory_internal.business_claims.requested_by is
  'Who claims, or the owner who hands over.';
comment on column directory_internal.business_claims.to_user is
  'The one account that may take over; null when whoever holds the token may.';
comment on column directory_internal.business_claims.cancelled_at is
  'When it was withdrawn, or overtaken by another owner.';

create function directory_internal.new_token()
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select encode(extensions.gen_random_bytes(32), 'hex');
$$;

comment on function directory_internal.new_token() is
  'A token: 256 random bits as 64 hexadecimal digits, which nobody guesses.';

create function directory_internal.token_hash(token text)
returns bytea
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select sha256(convert_to(token, 'UTF8'));
$$;

comment on function directory_internal.token_hash(text) is
  'What is kept of a token. A plain hash is enough for 256 random bits.';

create function directory_internal.limit_caller(name text)
returns uuid
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  caller constant uuid := auth.uid();
begin
  if caller is null then
    raise exception using
      errcode = '42501',
      message = 'This takes an account.',
      hint = 'Sign in first.';
  end if;
  perform private.require_token(
    'directory.' || name || ' ' || caller,
    directory_internal.setting(name || '_burst')::int,
    directory_internal.setting(name || '_per_hour') / 3600
  );
  return caller;
end;
$$;

comment on function directory_internal.limit_caller(text) is
  'Counts a request of the signed-in caller against the settings directory.<name>_burst and '
  '_per_hour, and returns who it is. Raises 42501 without a session, PT429 for too many.';

-- Definer: no API role may write claims. Every account may ask for itself.
create function directory_internal.request_business_claim(business_id uuid)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  caller constant uuid := directory_internal.limit_caller('claims');
  lifetime constant interval := make_interval(
    days => directory_internal.setting('claim_days')::int
  );
  held directory.businesses;
  claim_id uuid;
begin
  -- before the lock, and with one answer for what is not there and what is not public
  if not exists (
    select 1
    from directory_internal.visible_businesses
    where visible_businesses.id = request_business_claim.business_id
  ) then
    perform private.fail('PT404', 'Business ' || coalesce(business_id::text, 'null'));
  end if;
  held := directory_internal.lock_business(request_business_claim.business_id);
  if held.owner_id is not null then
    perform private.fail('PL146');
  end if;

  update directory_internal.business_claims
  set cancelled_at = now()
  where business_claims.business_id = held.id
    and business_claims.kind = 'claim'
    and business_claims.requested_by = caller
    and business_claims.used_at is null
    and business_claims.cancelled_at is null;
  insert into directory_internal.business_claims (business_id, kind, requested_by, expires_at)
  values (held.id, 'claim', caller, now() + lifetime)
  returning business_claims.id into claim_id;
  return claim_id;
end;
$$;

comment on function directory_internal.request_business_claim(uuid) is
  'Body of directory.request_business_claim().';

create function directory.request_business_claim(business_id uuid)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.request_business_claim(business_id);
$$;

comment on function directory.request_business_claim(uuid) is
  'Asks for a business that nobody owns. Returns the id of the claim. The token that proves it is '
  'never returned here: it goes to the business, by whoever calls issue_claim_token(). A new '
  'request replaces an earlier one. Raises 42501 without a session, PT404 for a business that is '
  'not public, PL146 for one that has an owner, PT429 for too many.';

-- Definer: no API role may read or write claims. Administrators and the service key only.
create function directory_internal.issue_claim_token(claim_id uuid)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  lifetime constant interval := make_interval(
    days => directory_internal.setting('claim_days')::int
  );
  token constant text := directory_internal.new_token();
begin
  perform private.require_any_role(array['admin', 'super_admin']);
  update directory_internal.business_claims
  set
    token_hash = directory_internal.token_hash(token),
    expires_at = now() + lifetime
  where business_claims.id = issue_claim_token.claim_id
    and business_claims.kind = 'claim'
    and business_claims.used_at is null
    and business_claims.cancelled_at is null
    and business_claims.expires_at > now();
  if not found then
    perform private.fail('PT404', 'Open claim ' || coalesce(claim_id::text, 'null'));
  end if;
  perform audit.log_admin_action(
    'issue_claim_token', 'directory_internal.business_claims', claim_id::text
  );
  return token;
end;
$$;

comment on function directory_internal.issue_claim_token(uuid) is
  'Body of directory.issue_claim_token().';

create function directory.issue_claim_token(claim_id uuid)
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.issue_claim_token(claim_id);
$$;

comment on function directory.issue_claim_token(uuid) is
  'Makes the token of a claim and returns it, this once, to be sent to the address or telephone '
  'that the business is known by. A second one makes the first worthless. For administrators and '
  'the service key. Raises 42501 for others, PT404 for a claim that is not open.';

-- Definer: no API role may read claims. Moderators, administrators and the service key only.
create function directory_internal.open_business_claims(result_limit int)
returns table (
  claim_id uuid,
  business_id uuid,
  requested_by uuid,
  has_token boolean,
  expires_at timestamptz,
  created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  perform directory_internal.check_range(
    'result_limit', result_limit, 1, directory_internal.setting('queue_limit')
  );
  return query
  select
    claims.id, claims.business_id, claims.requested_by, claims.token_hash is not null,
    claims.expires_at, claims.created_at
  from directory_internal.business_claims as claims
  where claims.kind = 'claim'
    and claims.used_at is null
    and claims.cancelled_at is null
    and claims.expires_at > now()
  order by claims.created_at, claims.id
  limit result_limit;
end;
$$;

comment on function directory_internal.open_business_claims(int) is
  'Body of directory.open_business_claims().';

create function directory.open_business_claims(result_limit int default 50)
returns table (
  claim_id uuid,
  business_id uuid,
  requested_by uuid,
  has_token boolean,
  expires_at timestamptz,
  created_at timestamptz
)
language sql
stable
security invoker
set search_path = ''
as $$
  select claims.*
  from directory_internal.open_business_claims(result_limit) as claims;
$$;

comment on function directory.open_business_claims(int) is
  'Claims that are open, the oldest first, and whether a token was made for each. Parameter: how '
  'many, up to directory.queue_limit. For moderators, administrators and the service key. Raises '
  '42501 for others, PL104 for a number out of range.';

-- Definer: ownership is in no grant. The owner and administrators only.
create function directory_internal.offer_business_transfer(business_id uuid, to_user uuid)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  caller constant uuid := directory_internal.limit_caller('transfers');
  lifetime constant interval := make_interval(
    days => directory_internal.setting('transfer_days')::int
  );
  token constant text := directory_internal.new_token();
  held directory.businesses;
begin
  held := directory_internal.lock_own_business(offer_business_transfer.business_id);
  -- an administrator sets an owner by admin_update_business(), which is written down as such
  if held.owner_id is distinct from caller then
    raise exception using
      errcode = '42501',
      message = 'The business is not yours.',
      hint = 'Only its owner can hand it over.';
  end if;
  if held.status = 'deleted' then
    perform private.fail('PL153', held.status);
  end if;

  perform directory_internal.cancel_claims(held.id, array['transfer']);
  insert into directory_internal.business_claims (
    business_id, kind, token_hash, requested_by, to_user, expires_at
  )
  values (
    held.id, 'transfer', directory_internal.token_hash(token), caller,
    offer_business_transfer.to_user, now() + lifetime
  );
  return token;
end;
$$;

comment on function directory_internal.offer_business_transfer(uuid, uuid) is
  'Body of directory.offer_business_transfer().';

create function directory_internal.cancel_claims(business_id uuid, kinds text[])
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  cancelled int;
begin
  update directory_internal.business_claims
  set cancelled_at = now()
  where business_claims.business_id = cancel_claims.business_id
    and business_claims.kind = any (kinds)
    and business_claims.used_at is null
    and business_claims.cancelled_at is null;
  get diagnostics cancelled = row_count;
  return cancelled;
end;
$$;

comment on function directory_internal.cancel_claims(uuid, text[]) is
  'Ends the open claims and transfers of a business, of those kinds. Returns how many. The caller '
  'holds the business.';

create function directory.offer_business_transfer(business_id uuid, to_user uuid default null)
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.offer_business_transfer(business_id, to_user);
$$;

comment on function directory.offer_business_transfer(uuid, uuid) is
  'Offers one''s business to somebody else. Parameters: the business; the one account that may '
  'take it (null: whoever is given the token). Returns the token, this once, for the owner to hand '
  'on; an earlier offer ends. Raises 42501 for others than the owner, PL153 for a deleted '
  'business, 23503 for an unknown account, PT429 for too many.';

-- Definer: no API role may write claims. The owner and administrators only.
create function directory_internal.cancel_business_transfer(business_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  held directory.businesses;
begin
  held := directory_internal.lock_own_business(cancel_business_transfer.business_id);
  return directory_internal.cancel_claims(held.id, array['transfer']) > 0;
end;
$$;

comment on function directory_internal.cancel_business_transfer(uuid) is
  'Body of directory.cancel_business_transfer().';

create function directory.cancel_business_transfer(business_id uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.cancel_business_transfer(business_id);
$$;

comment on function directory.cancel_business_transfer(uuid) is
  'Withdraws the offer of a business; false when there was none. For the owner and administrators. '
  'Raises 42501 for others.';

-- Definer: ownership is in no grant. Whoever holds a token that is good for them.
create function directory_internal.redeem_business_token(token text, kind text)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  caller constant uuid := directory_internal.limit_caller('tokens');
  hash constant bytea := directory_internal.token_hash(token);
  claimed directory_internal.business_claims;
  held directory.businesses;
begin
  select claims.* into claimed
  from directory_internal.business_claims as claims
  where claims.token_hash = hash and claims.kind = redeem_business_token.kind;
  if claimed.id is null then
    perform private.fail('PL145');
  end if;
  held := directory_internal.lock_business(claimed.business_id);

  -- whoever comes second waited for the business and finds the token used; one answer for every
  -- token that is not good, so that nothing is learnt from trying
  update directory_internal.business_claims as claims
  set used_at = now()
  where claims.id = claimed.id
    and claims.token_hash = hash
    and claims.used_at is null
    and claims.cancelled_at is null
    and claims.expires_at > now()
    and (claims.to_user is null or claims.to_user = caller)
    and case claims.kind
      when 'claim' then claims.requested_by = caller
      -- an offer is worth what its maker still owns
      else claims.requested_by = held.owner_id
    end
    and held.status <> 'deleted';
  if not found then
    perform private.fail('PL145');
  end if;
  if held.owner_id = caller then
    perform private.fail('PL156');
  end if;
  if claimed.kind = 'claim' and held.owner_id is not null then
    perform private.fail('PL146');
  end if;

  update directory.businesses
  set owner_id = caller, claimed_at = now()
  where businesses.id = held.id;
  return held.id;
end;
$$;

comment on function directory_internal.redeem_business_token(text, text) is
  'Body of directory.claim_business() and directory.accept_business_transfer().';

create function directory.claim_business(token text)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.redeem_business_token(token, 'claim');
$$;

comment on function directory.claim_business(text) is
  'Makes the caller the owner of the business that they asked for, by the token that the business '
  'got. Returns the business. Raises 42501 without a session, PL145 for a token that is used, '
  'replaced, out of date, somebody else''s or none, PL146 when the business has an owner by now, '
  'PT429 for too many.';

create function directory.accept_business_transfer(token text)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.redeem_business_token(token, 'transfer');
$$;

comment on function directory.accept_business_transfer(text) is
  'Makes the caller the owner of the business that was offered. Returns the business. Its '
  'verification ends with the former owner, managers stay until the new one removes them. Raises '
  '42501 without a session, PL145 for a token that is used, withdrawn, out of date, for somebody '
  'else or none, PL156 for one''s own business, PT429 for too many.';

select private.define_error('PL145', 400, 'The token is not good.',
  'It may be used, withdrawn, out of date or for another account: ask for a new one.');
select private.define_error('PL146', 400, 'The business has an owner.',
  'Ask the owner for an invitation or a transfer.');
select private.define_error('PL156', 400, 'The business is yours already.',
  'Nothing is to be done.');

select ops.define_setting('directory.claim_days', '14',
  'Days for which a claim, and then its token, is good.', 1, 365);
select ops.define_setting('directory.transfer_days', '7',
  'Days for which the offer of a business is good.', 1, 365);
select ops.define_setting('directory.queue_limit', '200',
  'Most rows that a list for moderators returns.', 1, 10000);
select ops.define_setting('directory.claims_burst', '5',
  'Claims that one account may ask for at once.', 1, 10000);
select ops.define_setting('directory.claims_per_hour', '2',
  'Claims that one account may ask for an hour, in the long run.', 0.01, 100000);
select ops.define_setting('directory.transfers_burst', '5',
  'Transfers that one account may offer at once.', 1, 10000);
select ops.define_setting('directory.transfers_per_hour', '5',
  'Transfers that one account may offer an hour, in the long run.', 0.01, 100000);
select ops.define_setting('directory.tokens_burst', '10',
  'Tokens that one account may use at once.', 1, 10000);
select ops.define_setting('directory.tokens_per_hour', '20',
  'Tokens that one account may use an hour, in the long run.', 0.01, 100000);

alter table directory_internal.business_claims enable row level security;

grant execute on function
  directory.request_business_claim(uuid), directory_internal.request_business_claim(uuid),
  directory.offer_business_transfer(uuid, uuid),
  directory_internal.offer_business_transfer(uuid, uuid),
  directory.claim_business(text), directory.accept_business_transfer(text),
  directory_internal.redeem_business_token(text, text)
  to authenticated;
grant execute on function
  directory.issue_claim_token(uuid), directory_internal.issue_claim_token(uuid),
  directory.open_business_claims(int), directory_internal.open_business_claims(int),
  directory.cancel_business_transfer(uuid), directory_internal.cancel_business_transfer(uuid)
  to authenticated, service_role;
