-- Who may do what. Roles are rows with an expiry; policies ask has_role(), which reads the table
-- and never a claim, because a claim outlives the right it names until the token is refreshed.

create table private.user_roles (
  user_id uuid not null
    constraint user_roles_user_id_fkey references auth.users (id) on delete cascade,
  role text not null,
  granted_by uuid
    constraint user_roles_granted_by_fkey references auth.users (id) on delete set null,
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (user_id, role),
  constraint user_roles_role_check check (
    role in ('user', 'moderator', 'analyst', 'admin', 'super_admin')
  )
);

create index user_roles_granted_by_idx on private.user_roles (granted_by);

comment on table private.user_roles is 'Roles of users. A role past its expiry counts for nothing.';
comment on column private.user_roles.granted_by is 'Who gave it; null when the operator did.';
comment on column private.user_roles.expires_at is 'End of the role; null when it has none.';

-- Definer: policies of every caller ask it, and no caller may read the table. It answers only for
-- the caller itself.
create function private.has_any_role(required_roles text[])
returns boolean
language sql
stable
parallel safe
security definer
set search_path = ''
as $$
  select exists (
    select 1
    from private.user_roles
    where user_roles.user_id = auth.uid()
      and user_roles.role = any (has_any_role.required_roles)
      and (user_roles.expires_at is null or user_roles.expires_at > now())
  );
$$;

comment on function private.has_any_role(text[]) is
  'True when the caller holds one of the roles and it has not expired; false without a session.';

create function private.has_role(required_role text)
returns boolean
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select private.has_any_role(array[has_role.required_role]);
$$;

comment on function private.has_role(text) is
  'True when the caller holds the role and it has not expired; false without a session.';

create function private.is_operator()
returns boolean
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  -- the setting, because current_user names the owner inside a definer function, and a claim is
  -- text that some other path may have set
  select
    coalesce(nullif(current_setting('role'), 'none'), session_user)
    in ('postgres', 'service_role', 'supabase_admin');
$$;

comment on function private.is_operator() is
  'True for a direct connection of the database''s owner, its jobs, and the service key; false for '
  'every role that a user''s request runs as.';

create function private.require_any_role(required_roles text[])
returns void
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  if private.is_operator() or private.has_any_role(required_roles) then
    return;
  end if;
  raise exception using
    errcode = '42501',
    message = 'Your account may not do this.',
    hint = format('It takes one of the roles: %s.', array_to_string(required_roles, ', '));
end;
$$;

comment on function private.require_any_role(text[]) is
  'Returns when the caller holds one of the roles or is the operator. Raises 42501 otherwise. '
  'Definer functions call it first.';

-- Definer: it writes a table that nobody else may write. A user must be an administrator and hold
-- the role; the operator need not.
create function private.grant_role(
  user_id uuid,
  role text,
  expires_at timestamptz default null
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if coalesce(grant_role.role, '')
    not in ('user', 'moderator', 'analyst', 'admin', 'super_admin')
  then
    perform private.fail('PL003', coalesce(grant_role.role, 'null'));
  end if;
  if grant_role.expires_at <= now() then
    perform private.fail('PL004', grant_role.expires_at::text);
  end if;
  perform private.require_any_role(array['admin', 'super_admin']);
  perform private.require_any_role(array[grant_role.role]);
  -- who leaves in an hour can not stay by a grant, their own or that of a friend
  if not private.is_operator()
    and not exists (
      select 1
      from private.user_roles
      where user_roles.user_id = auth.uid()
        and user_roles.role = grant_role.role
        and (user_roles.expires_at is null or user_roles.expires_at >= grant_role.expires_at)
    )
  then
    raise exception using
      errcode = '42501',
      message = 'A role can not be given for longer than you hold it.',
      hint = 'Send an expires_at that is not after the end of your own role.';
  end if;

  insert into private.user_roles (user_id, role, granted_by, expires_at)
  values (grant_role.user_id, grant_role.role, auth.uid(), grant_role.expires_at)
  on conflict on constraint user_roles_pkey do update
  set expires_at = excluded.expires_at, granted_by = excluded.granted_by, granted_at = now();
end;
$$;

comment on function private.grant_role(uuid, text, timestamptz) is
  'Gives a user a role until expires_at (null: without end), or changes its end. The caller must '
  'be an administrator who holds that role for at least as long. Raises PL003 for an unknown role, '
  'PL004 for an end that has passed, 42501 for a caller who may not, 23503 for an unknown user.';

-- Definer for the same reason as grant_role.
create function private.revoke_role(user_id uuid, role text)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role(array['admin', 'super_admin']);
  perform private.require_any_role(array[revoke_role.role]);
  delete from private.user_roles
  where user_roles.user_id = revoke_role.user_id and user_roles.role = revoke_role.role;
  return found;
end;
$$;

comment on function private.revoke_role(uuid, text) is
  'Takes a role from a user; false when the user did not hold it. The caller must be an '
  'administrator who holds that role. Raises 42501 for a caller who may not.';

create function private.custom_access_token_hook(event jsonb)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select jsonb_set(
    event,
    '{claims,user_roles}',
    coalesce(
      (
        select jsonb_agg(user_roles.role order by user_roles.role)
        from private.user_roles
        where user_roles.user_id = (event ->> 'user_id')::uuid
          and (user_roles.expires_at is null or user_roles.expires_at > now())
      ),
      '[]'::jsonb
    )
  );
$$;

comment on function private.custom_access_token_hook(jsonb) is
  'Supabase Auth hook: puts the roles in force into the claim user_roles, for clients to read. No '
  'policy reads the claim. Parameter and result: the event of the hook.';

alter table private.user_roles enable row level security;

create policy user_roles_select_auth_admin on private.user_roles
  for select
  to supabase_auth_admin
  using (true);

grant select on private.user_roles to supabase_auth_admin;
grant execute on function private.custom_access_token_hook(jsonb) to supabase_auth_admin;
grant execute on function private.has_role(text), private.has_any_role(text[])
  to anon, authenticated, service_role;
grant execute on function
  private.grant_role(uuid, text, timestamptz), private.revoke_role(uuid, text)
  to authenticated, service_role;
