-- Who else looks after a business: invited by its owner with a token that is used once, and without
-- a right until they accept. Nobody is looked up by e-mail address, so none can be probed.

create table directory_internal.business_invitations (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null
    constraint business_invitations_business_id_fkey
    references directory.businesses (id) on delete cascade,
  role text not null,
  email text,
  token_hash bytea not null,
  invited_by uuid
    constraint business_invitations_invited_by_fkey references auth.users (id) on delete set null,
  status text not null default 'open',
  answered_by uuid
    constraint business_invitations_answered_by_fkey references auth.users (id) on delete set null,
  answered_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint business_invitations_token_hash_key unique (token_hash),
  constraint business_invitations_role_check check (role in ('manager', 'editor')),
  constraint business_invitations_email_check check (
    email = lower(email) and email like '%_@_%' and char_length(email) <= 255
  ),
  constraint business_invitations_token_hash_check check (octet_length(token_hash) = 32),
  constraint business_invitations_status_check check (
    status in ('open', 'accepted', 'declined', 'revoked')
  ),
  constraint business_invitations_answered_at_check check (
    (status = 'open') = (answered_at is null)
  ),
  constraint business_invitations_expires_at_check check (expires_at > created_at)
);

create index business_invitations_business_id_idx
  on directory_internal.business_invitations (business_id, created_at);
create index business_invitations_invited_by_idx
  on directory_internal.business_invitations (invited_by);
create index business_invitations_answered_by_idx
  on directory_internal.business_invitations (answered_by);

comment on table directory_internal.business_invitations is
  'Invitations to look after a business. Only hashes of the tokens are kept.';
comment on column directory_internal.business_invitations.email is
  'The one address whose account may accept; null when whoever holds the token may.';
comment on column directory_internal.business_invitations.status is
  'open, accepted, declined or revoked; one that is open past expires_at is worth nothing.';

-- Definer: managers come by invitation only, so no API role may write them. The owner and
-- administrators.
create function directory_internal.invite_business_manager(
  business_id uuid,
  role text,
  email text
)
returns table (invitation_id uuid, token text)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  caller constant uuid := directory_internal.limit_caller('invitations');
  lifetime constant interval := make_interval(
    days => directory_internal.setting('invitation_days')::int
  );
  most int;
  held directory.businesses;
begin
  held := directory_internal.lock_own_business(invite_business_manager.business_id);
  if coalesce(invite_business_manager.role, '') not in ('manager', 'editor') then
    perform private.fail('PL154', coalesce(invite_business_manager.role, 'null'));
  end if;
  if held.status = 'deleted' then
    perform private.fail('PL153', held.status);
  end if;
  most := (directory_internal.plan_of(held.id)).manager_limit;
  if most <= (
    select count(*)
    from directory.business_managers
    where business_managers.business_id = held.id
  ) + (
    select count(*)
    from directory_internal.business_invitations as invitations
    where invitations.business_id = held.id
      and invitations.status = 'open'
      and invitations.expires_at > now()
  ) then
    perform private.fail('PL155', most::text);
  end if;

  token := directory_internal.new_token();
  insert into directory_internal.business_invitations (
    business_id, role, email, token_hash, invited_by, expires_at
  )
  values (
    held.id, invite_business_manager.role,
    lower(nullif(btrim(invite_business_manager.email), '')),
    directory_internal.token_hash(token), caller, now() + lifetime
  )
  returning business_invitations.id into invitation_id;
  return next;
end;
$$;

comment on function directory_internal.invite_business_manager(uuid, text, text) is
  'Body of directory.invite_business_manager().';

create function directory.invite_business_manager(
  business_id uuid,
  role text default 'editor',
  email text default null
)
returns table (invitation_id uuid, token text)
language sql
volatile
security invoker
set search_path = ''
as $$
  select invited.*
  from directory_internal.invite_business_manager(business_id, role, email) as invited;
$$;

comment on function directory.invite_business_manager(uuid, text, text) is
  'Invites somebody to look after a business. Parameters: the business; manager (edits, answers '
  'reviews, sees figures) or editor (edits); the e-mail address of the one account that may '
  'accept (null: whoever is given the token). Returns the invitation and its token, this once, to '
  'be handed on. For the owner and administrators. Raises 42501 for others, PL153 for a deleted '
  'business, PL154 for another role, PL155 when the plan allows no more, 23514 for an address '
  'that is none, PT429 for too many.';

-- Definer: managers come by invitation only. Whoever holds a token that is good for them.
create function directory_internal.answer_business_invitation(token text, accepts boolean)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  caller constant uuid := directory_internal.limit_caller('tokens');
  hash constant bytea := directory_internal.token_hash(token);
  target_id uuid;
  offered_role text;
  inviter uuid;
  held directory.businesses;
begin
  select invitations.business_id into target_id
  from directory_internal.business_invitations as invitations
  where invitations.token_hash = hash;
  if target_id is null then
    perform private.fail('PL145');
  end if;
  held := directory_internal.lock_business(target_id);

  -- whoever comes second waited for the business and finds it answered; one reply to every token
  -- that is not good
  update directory_internal.business_invitations as invitations
  set
    status = case when accepts then 'accepted' else 'declined' end,
    answered_by = caller,
    answered_at = now()
  where invitations.token_hash = hash
    and invitations.status = 'open'
    and invitations.expires_at > now()
    and held.status <> 'deleted'
    and (
      invitations.email is null
      or exists (
        select 1
        from auth.users
        where users.id = caller
          and lower(users.email) = invitations.email
          and users.email_confirmed_at is not null
      )
    )
  returning invitations.role, invitations.invited_by into offered_role, inviter;
  if not found then
    perform private.fail('PL145');
  end if;
  if not accepts then
    return held.id;
  end if;
  if held.owner_id = caller then
    perform private.fail('PL156');
  end if;

  insert into directory.business_managers (business_id, user_id, role, invited_by, accepted_at)
  values (held.id, caller, offered_role, inviter, now())
  on conflict on constraint business_managers_pkey do update
  set role = excluded.role, invited_by = excluded.invited_by, accepted_at = excluded.accepted_at;
  return held.id;
end;
$$;

comment on function directory_internal.answer_business_invitation(text, boolean) is
  'Body of directory.accept_business_invitation() and decline_business_invitation().';

create function directory.accept_business_invitation(token text)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.answer_business_invitation(token, true);
$$;

comment on function directory.accept_business_invitation(text) is
  'Accepts an invitation: from now on the caller looks after the business, in the role of the '
  'invitation also when they had another. Returns the business. Raises 42501 without a session, '
  'PL145 for a token that is used, revoked, out of date, for another address or none, PL156 for '
  'one''s own business, PT429 for too many.';

create function directory.decline_business_invitation(token text)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.answer_business_invitation(token, false);
$$;

comment on function directory.decline_business_invitation(text) is
  'Declines an invitation, which ends it. Returns the business. Raises as '
  'accept_business_invitation() does.';

-- Definer: no API role may read or write invitations. The owner and administrators only.
create function directory_internal.revoke_business_invitation(invitation_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  target_id uuid;
begin
  select invitations.business_id into target_id
  from directory_internal.business_invitations as invitations
  where invitations.id = invitation_id;
  -- an unknown one belongs to nobody, so it is refused like somebody else's
  perform directory_internal.require_owner(target_id, manager_may => false);
  if target_id is null then
    perform private.fail('PT404', 'Invitation ' || coalesce(invitation_id::text, 'null'));
  end if;
  perform directory_internal.lock_own_business(target_id);

  update directory_internal.business_invitations as invitations
  set status = 'revoked', answered_by = auth.uid(), answered_at = now()
  where invitations.id = invitation_id and invitations.status = 'open';
  return found;
end;
$$;

comment on function directory_internal.revoke_business_invitation(uuid) is
  'Body of directory.revoke_business_invitation().';

create function directory.revoke_business_invitation(invitation_id uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.revoke_business_invitation(invitation_id);
$$;

comment on function directory.revoke_business_invitation(uuid) is
  'Takes back an invitation; false when it was answered already. For the owner of the business and '
  'administrators. Raises 42501 for others, PT404 for an unknown one.';

-- Definer: no API role may delete managers. The owner and administrators; everybody for themselves.
create function directory_internal.remove_business_manager(business_id uuid, user_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if remove_business_manager.user_id is distinct from auth.uid() then
    perform directory_internal.lock_own_business(remove_business_manager.business_id);
  end if;
  delete from directory.business_managers
  where business_managers.business_id = remove_business_manager.business_id
    and business_managers.user_id = remove_business_manager.user_id;
  return found;
end;
$$;

comment on function directory_internal.remove_business_manager(uuid, uuid) is
  'Body of directory.remove_business_manager().';

create function directory.remove_business_manager(business_id uuid, user_id uuid)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.remove_business_manager(business_id, user_id);
$$;

comment on function directory.remove_business_manager(uuid, uuid) is
  'Ends that somebody looks after a business, at once; false when they did not. For the owner and '
  'administrators, and for managers and editors who leave. Raises 42501 for others.';

-- Definer: no API role may read invitations. Owner, managers and administrators only.
create function directory_internal.business_invitations_of(business_id uuid)
returns table (
  invitation_id uuid,
  role text,
  email text,
  invited_by uuid,
  expires_at timestamptz,
  created_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  perform directory_internal.require_owner(
    business_invitations_of.business_id, manager_may => true
  );
  return query
  select
    invitations.id, invitations.role, invitations.email, invitations.invited_by,
    invitations.expires_at, invitations.created_at
  from directory_internal.business_invitations as invitations
  where invitations.business_id = business_invitations_of.business_id
    and invitations.status = 'open'
    and invitations.expires_at > now()
  order by invitations.created_at, invitations.id;
end;
$$;

comment on function directory_internal.business_invitations_of(uuid) is
  'Body of directory.list_business_invitations().';

create function directory.list_business_invitations(business_id uuid)
returns table (
  invitation_id uuid,
  role text,
  email text,
  invited_by uuid,
  expires_at timestamptz,
  created_at timestamptz
)
language sql
stable
security invoker
set search_path = ''
as $$
  select invitations.*
  from directory_internal.business_invitations_of(business_id) as invitations;
$$;

comment on function directory.list_business_invitations(uuid) is
  'Invitations of a business that wait for an answer, the oldest first. For the owner, managers '
  'and administrators. Raises 42501 for others.';

select private.define_error('PL154', 400, 'Nobody looks after a business as %s.',
  'Use manager or editor.');
select private.define_error('PL155', 400, 'The plan of the business allows %s managers.',
  'Remove one, revoke an invitation, or choose another plan.');

select ops.define_setting('directory.invitation_days', '14',
  'Days for which an invitation is good.', 1, 365);
select ops.define_setting('directory.invitations_burst', '20',
  'Invitations that one account may send at once.', 1, 10000);
select ops.define_setting('directory.invitations_per_hour', '20',
  'Invitations that one account may send an hour, in the long run.', 0.01, 100000);

alter table directory_internal.business_invitations enable row level security;

grant execute on function
  directory.invite_business_manager(uuid, text, text),
  directory_internal.invite_business_manager(uuid, text, text),
  directory.accept_business_invitation(text), directory.decline_business_invitation(text),
  directory_internal.answer_business_invitation(text, boolean)
  to authenticated;
grant execute on function
  directory.revoke_business_invitation(uuid), directory_internal.revoke_business_invitation(uuid),
  directory.remove_business_manager(uuid, uuid),
  directory_internal.remove_business_manager(uuid, uuid),
  directory.list_business_invitations(uuid), directory_internal.business_invitations_of(uuid)
  to authenticated, service_role;
