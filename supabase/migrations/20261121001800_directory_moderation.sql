-- The few privileged acts: each is an RPC that runs as the caller and hands over to a definer
-- function, which checks the caller's role before it touches a column that nobody is granted, and
-- leaves a row in audit.admin_actions.

create function directory_internal.refuse_own_business(business_id uuid)
returns void
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  if business_id in (select directory_internal.managed_business_ids())
    and not private.has_any_role(array['admin', 'super_admin'])
  then
    perform private.fail('PL144');
  end if;
end;
$$;

comment on function directory_internal.refuse_own_business(uuid) is
  'Raises PL144 when the caller owns or looks after the business and is no administrator.';

-- Definer: no API role may write status. The owner, moderators and administrators.
create function directory_internal.set_business_status(
  business_id uuid,
  new_status text,
  reason text
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  held directory.businesses;
  present_status text;
  step directory_internal.business_transitions;
  by_owner boolean;
begin
  -- who may not act waits for no lock, and is not told whether the business exists
  if not exists (
    select 1
    from directory.businesses
    where businesses.id = set_business_status.business_id and businesses.owner_id = auth.uid()
  ) then
    perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  end if;
  held := directory_internal.lock_business(set_business_status.business_id);

  -- the state as readers see it, which the clock may have changed since it was written
  present_status := case
    when held.status not in ('active', 'suspended') then held.status
    when held.suspended_until <= now() then 'active'
    when held.suspended_at <= now() then 'suspended'
    else held.status
  end;
  select transitions.* into step
  from directory_internal.business_transitions as transitions
  where transitions.from_status = present_status and transitions.to_status = new_status;
  by_owner := coalesce(step.owner_may and held.owner_id = auth.uid(), false);
  if not by_owner then
    perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
    perform directory_internal.refuse_own_business(held.id);
    if step.moderator_may is not true then
      perform private.fail('PL141', present_status, coalesce(new_status, 'null'));
    end if;
  end if;

  if held.status <> present_status then
    update directory.businesses
    set status = present_status
    where businesses.id = held.id;
  end if;
  update directory.businesses
  set
    status = set_business_status.new_status,
    -- an owner who withdraws and publishes again does not get rid of a suspension that lies ahead
    suspended_at = case
      when by_owner and held.suspended_until <= now() then null
      when by_owner then held.suspended_at
      when new_status = 'suspended' then now()
    end,
    suspended_until = case
      when by_owner and held.suspended_until > now() then held.suspended_until
    end
  where businesses.id = held.id;
  if by_owner then
    return;
  end if;

  insert into directory_internal.business_private (business_id, suspension_reason)
  values (held.id, case new_status when 'suspended' then set_business_status.reason end)
  on conflict on constraint business_private_pkey do update
  set suspension_reason = excluded.suspension_reason;

  perform audit.log_admin_action(
    'set_business_status', 'directory.businesses', held.id::text, reason,
    jsonb_build_object('from', present_status, 'to', new_status)
  );
end;
$$;

comment on function directory_internal.set_business_status(uuid, text, text) is
  'Body of directory.set_business_status().';

create function directory.set_business_status(
  business_id uuid,
  new_status text,
  reason text default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.set_business_status(business_id, new_status, reason);
$$;

comment on function directory.set_business_status(uuid, text, text) is
  'Takes a business from state to state. Parameters: the business; draft, active, suspended or '
  'deleted; why, kept with a suspension. Its owner publishes, withdraws and deletes it; moderators '
  'and administrators publish, suspend, restore and delete that of others. Raises 42501 for '
  'others and for steps that are not the owner''s, PT404 for an unknown business, PL141 for a step '
  'that there is not, PL144 for a moderator''s own business.';

-- Definer: these columns are granted to no API role. Administrators only.
create function directory_internal.admin_update_business(
  business_id uuid,
  changes jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  public_keys constant text[] := array[
    'owner_id', 'verification_status', 'trust_signals', 'subscription_tier', 'featured_until',
    'suspended_at', 'suspended_until', 'phone_verified', 'email_verified'
  ];
  private_keys constant text[] := array[
    'legal_name', 'annual_revenue', 'subscription_valid_until', 'premium_features',
    'boost_credits', 'notes'
  ];
  unknown_key text;
  present directory.businesses;
  changed directory.businesses;
begin
  perform private.require_any_role(array['admin', 'super_admin']);

  if jsonb_typeof(coalesce(changes, 'null')) <> 'object' then
    perform private.fail('PL142', coalesce(changes::text, 'null'));
  end if;
  select key into unknown_key
  from jsonb_object_keys(changes) as key
  where key <> all (public_keys || private_keys)
  limit 1;
  if unknown_key is not null then
    perform private.fail('PL142', unknown_key);
  end if;

  present := directory_internal.lock_business(admin_update_business.business_id);

  changed := jsonb_populate_record(present, changes);
  update directory.businesses
  set
    owner_id = changed.owner_id,
    verification_status = changed.verification_status,
    verification_date = case
      when changed.verification_status = present.verification_status then present.verification_date
      when changed.verification_status = 'verified' then now()
    end,
    trust_signals = changed.trust_signals,
    subscription_tier = changed.subscription_tier,
    featured_until = changed.featured_until,
    suspended_at = changed.suspended_at,
    suspended_until = changed.suspended_until,
    phone_verified = changed.phone_verified,
    email_verified = changed.email_verified
  where businesses.id = present.id;

  if changes ?| private_keys then
    insert into directory_internal.business_private (business_id)
    values (present.id)
    on conflict on constraint business_private_pkey do nothing;

    update directory_internal.business_private
    set
      legal_name = merged.legal_name,
      annual_revenue = merged.annual_revenue,
      subscription_valid_until = merged.subscription_valid_until,
      premium_features = merged.premium_features,
      boost_credits = merged.boost_credits,
      notes = merged.notes
    from directory_internal.business_private as held
    cross join lateral jsonb_populate_record(held, changes - public_keys) as merged
    where held.business_id = present.id and business_private.business_id = present.id;
  end if;

  -- names only: some of the values are private
  perform audit.log_admin_action(
    'admin_update_business', 'directory.businesses', present.id::text,
    metadata => jsonb_build_object('changed', array(select jsonb_object_keys(changes)))
  );
end;
$$;

comment on function directory_internal.admin_update_business(uuid, jsonb) is
  'Body of directory.admin_update_business().';

create function directory.admin_update_business(business_id uuid, changes jsonb)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.admin_update_business(business_id, changes);
$$;

comment on function directory.admin_update_business(uuid, jsonb) is
  'Sets what no owner may set. Parameters: the business, and an object with any of owner_id, '
  'verification_status, trust_signals, subscription_tier, featured_until, suspended_at, '
  'suspended_until, phone_verified, email_verified, legal_name, annual_revenue, '
  'subscription_valid_until, premium_features, boost_credits, notes. For administrators. Raises '
  '42501 for others, PT404 for an unknown business, PL142 for an unknown key, 23514 for a wrong '
  'value.';

-- Definer: no API role may read what is private. Administrators only, and it is written down.
create function directory_internal.admin_get_business(business_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  business jsonb;
begin
  perform private.require_any_role(array['admin', 'super_admin']);
  select to_jsonb(businesses) || coalesce(to_jsonb(business_private), '{}') into business
  from directory.businesses
  left join directory_internal.business_private
    on business_private.business_id = businesses.id
  where businesses.id = admin_get_business.business_id;
  if business is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_id::text, 'null'));
  end if;
  perform audit.log_admin_action('admin_get_business', 'directory.businesses', business_id::text);
  return business;
end;
$$;

comment on function directory_internal.admin_get_business(uuid) is
  'Body of directory.admin_get_business().';

create function directory.admin_get_business(business_id uuid)
returns jsonb
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.admin_get_business(business_id);
$$;

comment on function directory.admin_get_business(uuid) is
  'A business with what nobody else reads: legal name, revenue, papers, paid period, credits, why '
  'it was suspended, notes. For administrators; each call is an admin action. Raises 42501 for '
  'others, PT404 for an unknown business.';

select private.define_error('PL141', 400, 'A business can not go from %s to %s.',
  'From draft: active, deleted. From active: draft (by its owner), suspended, deleted. From '
  'suspended: active, deleted.');
select private.define_error('PL142', 400, '%s can not be set here.',
  'The description of the function lists the keys.');
select private.define_error('PL144', 400, 'Moderators do not decide on what is their own.',
  'Another moderator can.');

grant execute on function
  directory.set_business_status(uuid, text, text),
  directory.admin_update_business(uuid, jsonb),
  directory.admin_get_business(uuid),
  directory_internal.admin_get_business(uuid),
  directory_internal.set_business_status(uuid, text, text),
  directory_internal.admin_update_business(uuid, jsonb)
  to authenticated, service_role;
