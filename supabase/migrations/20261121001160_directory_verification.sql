-- Verification: a business hands in papers, a moderator looks at them and decides. The papers stay
-- in the private table; here is what was asked and decided.

create table directory_internal.business_verifications (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null
    constraint business_verifications_business_id_fkey
    references directory.businesses (id) on delete cascade,
  status text not null default 'waiting',
  submitted_by uuid default auth.uid()
    constraint business_verifications_submitted_by_fkey
    references auth.users (id) on delete set null,
  decided_by uuid
    constraint business_verifications_decided_by_fkey
    references auth.users (id) on delete set null,
  decided_at timestamptz,
  reason text,
  created_at timestamptz not null default now(),
  constraint business_verifications_status_check check (
    status in ('waiting', 'verified', 'rejected', 'ended')
  ),
  constraint business_verifications_decided_at_check check (
    (status = 'waiting') = (decided_at is null)
  ),
  constraint business_verifications_reason_check check (char_length(reason) <= 2000)
);

create unique index business_verifications_waiting_key
  on directory_internal.business_verifications (business_id)
  where status = 'waiting';
create index business_verifications_queue_idx
  on directory_internal.business_verifications (created_at, id)
  where status = 'waiting';
create index business_verifications_business_id_idx
  on directory_internal.business_verifications (business_id, created_at desc);
create index business_verifications_submitted_by_idx
  on directory_internal.business_verifications (submitted_by);
create index business_verifications_decided_by_idx
  on directory_internal.business_verifications (decided_by);

comment on table directory_internal.business_verifications is
  'Requests to be verified, and what became of them. A business has one that waits at most.';
comment on column directory_internal.business_verifications.status is
  'waiting, verified, rejected, or ended without a decision (another owner, or set by hand).';
comment on column directory_internal.business_verifications.reason is
  'Why; the owner reads it, so it holds nothing that only moderators may know.';

create function directory_internal.are_verification_documents(documents jsonb)
returns boolean
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  most constant int := directory_internal.setting('verification_documents')::int;
begin
  if jsonb_typeof(documents) is distinct from 'array' then
    return false;
  end if;
  return jsonb_array_length(documents) between 1 and most
    and not exists (
      select 1
      from jsonb_array_elements(documents) as paper
      where case
        when jsonb_typeof(paper) <> 'object' then true
        when paper - array['kind', 'path'] <> '{}' then true
        else
          jsonb_typeof(paper -> 'path') is distinct from 'string'
          or char_length(paper ->> 'path') not between 1 and 500
          or coalesce(paper ->> 'kind', '') not in (
            'license', 'registration', 'tax', 'utility_bill', 'identity', 'other'
          )
      end
    );
end;
$$;

comment on function directory_internal.are_verification_documents(jsonb) is
  'Whether a document is a list of papers, as submit_verification() takes it.';

-- Definer: papers are in no grant. The owner and administrators only.
create function directory_internal.submit_verification(business_id uuid, documents jsonb)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  held directory.businesses;
  verification_id uuid;
begin
  held := directory_internal.lock_own_business(submit_verification.business_id);
  if held.status not in ('draft', 'active') then
    perform private.fail('PL153', held.status);
  end if;
  if not directory_internal.are_verification_documents(documents) then
    perform private.fail('PL148', directory_internal.setting('verification_documents')::text);
  end if;
  if held.verification_status = 'verified' or exists (
    select 1
    from directory_internal.business_verifications as verifications
    where verifications.business_id = held.id and verifications.status = 'waiting'
  ) then
    perform private.fail('PL147');
  end if;

  insert into directory_internal.business_private (business_id)
  values (held.id)
  on conflict on constraint business_private_pkey do nothing;
  update directory_internal.business_private
  set verification_documents = (
    select jsonb_agg(paper || jsonb_build_object('received_at', now()) order by place)
    from jsonb_array_elements(documents) with ordinality as given (paper, place)
  )
  where business_private.business_id = held.id;
  -- before the request, which a change of the state would end
  update directory.businesses
  set verification_status = 'pending'
  where businesses.id = held.id and businesses.verification_status <> 'pending';
  insert into directory_internal.business_verifications (business_id)
  values (held.id)
  returning business_verifications.id into verification_id;
  return verification_id;
end;
$$;

comment on function directory_internal.submit_verification(uuid, jsonb) is
  'Body of directory.submit_verification().';

create function directory.submit_verification(business_id uuid, documents jsonb)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.submit_verification(business_id, documents);
$$;

comment on function directory.submit_verification(uuid, jsonb) is
  'Asks to be verified. Parameters: the business; a list of {kind, path}: kind is license, '
  'registration, tax, utility_bill, identity or other, path names the file in a private bucket. '
  'They replace what was handed in before, and only moderators see them. Returns the request. For '
  'the owner and administrators. Raises 42501 for others, PL147 when it is verified or a request '
  'waits, PL148 for what is no such list, PL153 for a suspended or deleted business.';

-- Definer: papers are in no grant. Moderators and administrators, and not for what is their own.
create function directory_internal.waiting_verifications(result_limit int)
returns table (
  verification_id uuid,
  business_id uuid,
  name text,
  legal_name text,
  documents jsonb,
  submitted_by uuid,
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
    verifications.id, verifications.business_id, businesses.name, business_private.legal_name,
    business_private.verification_documents, verifications.submitted_by, verifications.created_at
  from directory_internal.business_verifications as verifications
  join directory.businesses on businesses.id = verifications.business_id
  join directory_internal.business_private
    on business_private.business_id = verifications.business_id
  where verifications.status = 'waiting'
  order by verifications.created_at, verifications.id
  limit result_limit;
end;
$$;

comment on function directory_internal.waiting_verifications(int) is
  'Body of directory.waiting_verifications().';

create function directory.waiting_verifications(result_limit int default 50)
returns table (
  verification_id uuid,
  business_id uuid,
  name text,
  legal_name text,
  documents jsonb,
  submitted_by uuid,
  created_at timestamptz
)
language sql
stable
security invoker
set search_path = ''
as $$
  select waiting.*
  from directory_internal.waiting_verifications(result_limit) as waiting;
$$;

comment on function directory.waiting_verifications(int) is
  'Requests to be verified that wait, the oldest first, with their papers. Parameter: how many, up '
  'to directory.queue_limit. For moderators and administrators. Raises 42501 for others, PL104 for '
  'a number out of range.';

-- Definer: verification is in no grant. Moderators and administrators only.
create function directory_internal.review_verification(
  verification_id uuid,
  decision text,
  reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  new_status constant text := case decision
    when 'verify' then 'verified'
    when 'reject' then 'rejected'
  end;
  target_id uuid;
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  if new_status is null then
    perform private.fail('PL149', coalesce(decision, 'null'));
  end if;
  select verifications.business_id into target_id
  from directory_internal.business_verifications as verifications
  where verifications.id = verification_id;
  if target_id is null then
    perform private.fail('PT404', 'Verification ' || coalesce(verification_id::text, 'null'));
  end if;
  perform directory_internal.refuse_own_business(target_id);
  perform directory_internal.lock_business(target_id);

  -- two moderators at once: the second waited for the business and finds it decided
  update directory_internal.business_verifications as verifications
  set
    status = new_status,
    decided_by = auth.uid(),
    decided_at = now(),
    reason = review_verification.reason
  where verifications.id = verification_id and verifications.status = 'waiting';
  if not found then
    perform private.fail('PL159');
  end if;
  update directory.businesses
  set
    verification_status = new_status,
    verification_date = case new_status when 'verified' then now() end
  where businesses.id = target_id;

  perform audit.log_admin_action(
    'review_verification', 'directory.businesses', target_id::text, reason,
    jsonb_build_object('decision', decision, 'verification_id', verification_id)
  );
end;
$$;

comment on function directory_internal.review_verification(uuid, text, text) is
  'Body of directory.review_verification().';

create function directory.review_verification(
  verification_id uuid,
  decision text,
  reason text default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.review_verification(verification_id, decision, reason);
$$;

comment on function directory.review_verification(uuid, text, text) is
  'Decides on a request to be verified. Parameters: the request; verify or reject; why, which the '
  'owner reads. For moderators and administrators. Raises 42501 for others, PT404 for an unknown '
  'request, PL144 for a moderator''s own business, PL149 for another decision, PL159 for a request '
  'that is decided.';

-- Definer: no API role may read requests. The owner, managers and administrators only.
create function directory_internal.verifications_of(business_id uuid)
returns table (
  verification_id uuid,
  status text,
  reason text,
  decided_at timestamptz,
  created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform directory_internal.require_owner(verifications_of.business_id, manager_may => true);
  return query
  select
    verifications.id, verifications.status, verifications.reason, verifications.decided_at,
    verifications.created_at
  from directory_internal.business_verifications as verifications
  where verifications.business_id = verifications_of.business_id
  order by verifications.created_at desc, verifications.id;
end;
$$;

comment on function directory_internal.verifications_of(uuid) is
  'Body of directory.list_verifications().';

create function directory.list_verifications(business_id uuid)
returns table (
  verification_id uuid,
  status text,
  reason text,
  decided_at timestamptz,
  created_at timestamptz
)
language sql
stable
security invoker
set search_path = ''
as $$
  select verifications.*
  from directory_internal.verifications_of(business_id) as verifications;
$$;

comment on function directory.list_verifications(uuid) is
  'Requests of a business to be verified, the newest first, with the reasons of decisions. For the '
  'owner, managers and administrators. Raises 42501 for others.';

select private.define_error('PL147', 400, 'A verification is under way or done.',
  'Wait for the decision; directory.list_verifications() tells it.');
select private.define_error('PL148', 400, 'The documents are no list of 1 to %s papers.',
  'Send [{"kind": "license", "path": "..."}]; the description of the function lists the kinds.');
select private.define_error('PL149', 400, 'A verification is not decided by %s.',
  'Use verify or reject.');
select private.define_error('PL159', 400, 'The verification has been decided, or has ended.',
  'Read the list of those that wait again.');

select ops.define_setting('directory.verification_documents', '10',
  'Papers that a request to be verified may hold.', 1, 100);

alter table directory_internal.business_verifications enable row level security;

grant execute on function
  directory.submit_verification(uuid, jsonb), directory_internal.submit_verification(uuid, jsonb),
  directory.waiting_verifications(int), directory_internal.waiting_verifications(int),
  directory.review_verification(uuid, text, text),
  directory_internal.review_verification(uuid, text, text),
  directory.list_verifications(uuid), directory_internal.verifications_of(uuid)
  to authenticated, service_role;
