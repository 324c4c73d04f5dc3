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

-- Definer: no API role may write status. Administrators and moderators only.
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
  present_status text;
begin
  perform private.require_any_role(array['moderator', 'admin', 'super_admin']);
  perform directory_internal.refuse_own_business(set_business_status.business_id);

  select businesses.status into present_status
  from directory.businesses
  where businesses.id = set_business_status.business_id
  for no key update;
  if present_status is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_id::text, 'null'));
  end if;
  if (present_status, coalesce(new_status, '')) not in (
    ('draft', 'active'), ('draft', 'deleted'), ('active', 'suspended'), ('active', 'deleted'),
    ('suspended', 'active'), ('suspended', 'deleted')
  ) then
    perform private.fail('PL141', present_status, coalesce(new_status, 'null'));
  end if;

  update directory.businesses
  set
    status = set_business_status.new_status,
    suspended_at = case new_status when 'suspended' then now() end,
    suspended_until = null
  where businesses.id = set_business_status.business_id;

  insert into directory_internal.business_private (business_id, suspension_reason)
  values (
    set_business_status.business_id,
    case new_status when 'suspended' then set_business_status.reason end
  )
  on conflict on constraint business_private_pkey do update
  set suspension_reason = excluded.suspension_reason;

  perform audit.log_admin_action(
    'set_business_status', 'directory.businesses', business_id::text, reason,
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
  'Publishes, suspends, restores or deletes a business. Parameters: the business; active, '
  'suspended or deleted; why, kept with a suspension. For moderators and administrators. Raises '
  '42501 for others, PT404 for an unknown business, PL141 for a step that is not allowed, '
  'PL144 for a moderator''s own business.';

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

  select businesses.* into present
  from directory.businesses
  where businesses.id = admin_update_business.business_id
  for no key update;
  if present.id is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_id::text, 'null'));
  end if;

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

select private.define_error('PL141', 400, 'A business can not go from %s to %s.',
  'From draft: active, deleted. From active: suspended, deleted. From suspended: active, deleted.');
select private.define_error('PL142', 400, '%s can not be set here.',
  'The description of the function lists the keys.');
select private.define_error('PL144', 400, 'Moderators do not decide on what is their own.',
  'Another moderator can.');

grant execute on function
  directory.set_business_status(uuid, text, text),
  directory.admin_update_business(uuid, jsonb),
  directory_internal.set_business_status(uuid, text, text),
  directory_internal.admin_update_business(uuid, jsonb)
  to authenticated, service_role;
