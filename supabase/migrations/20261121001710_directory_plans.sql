-- What a business pays for. A plan opens features; it never decides who may read a row, so that no
-- price can make a draft public. Ends (of a paid period, of being featured) are decided when read.

create table directory.subscription_plans (
  tier text primary key,
  analytics boolean not null,
  advanced_seo boolean not null,
  api_access boolean not null,
  manager_limit int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint subscription_plans_tier_check check (tier in ('free', 'premium', 'elite')),
  constraint subscription_plans_manager_limit_check check (manager_limit between 0 and 1000)
);

comment on table directory.subscription_plans is
  'Features of each tier. Rows, so that an operator can move a feature without a migration.';
comment on column directory.subscription_plans.analytics is
  'Whether the owner and the managers see figures of visitors.';
comment on column directory.subscription_plans.advanced_seo is
  'Whether the frontend shows the titles and descriptions for search engines that the owner wrote.';
comment on column directory.subscription_plans.api_access is
  'Whether the business may have a key of its own.';
comment on column directory.subscription_plans.manager_limit is
  'Managers, editors and open invitations that a business may have.';

insert into directory.subscription_plans
  (tier, analytics, advanced_seo, api_access, manager_limit)
values
  ('free', false, false, false, 3),
  ('premium', true, true, true, 10),
  ('elite', true, true, true, 50);

create trigger subscription_plans_set_updated_at
  before update on directory.subscription_plans
  for each row execute function private.set_updated_at();

create index business_private_subscription_valid_until_idx
  on directory_internal.business_private (subscription_valid_until)
  where subscription_valid_until is not null;
create index listings_featured_until_idx on directory.listings (featured_until desc, business_id)
  where featured_until is not null;

create function directory_internal.plan_of(business_id uuid)
returns directory.subscription_plans
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select subscription_plans.*
  from directory.businesses
  left join directory_internal.business_private
    on business_private.business_id = businesses.id
  join directory.subscription_plans
    on subscription_plans.tier = case
      when business_private.subscription_valid_until <= now() then 'free'
      else businesses.subscription_tier
    end
  where businesses.id = plan_of.business_id;
$$;

comment on function directory_internal.plan_of(uuid) is
  'The plan of a business as of now: free once the paid period is over; a tier without an end '
  'lasts.';

create function directory_internal.plan_has_feature(business_id uuid, feature text)
returns boolean
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  granted jsonb;
begin
  if coalesce(feature, '') not in ('analytics', 'advanced_seo', 'api_access') then
    perform private.fail('PL150', coalesce(feature, 'null'));
  end if;
  select business_private.premium_features into granted
  from directory_internal.business_private
  where business_private.business_id = plan_has_feature.business_id;
  return coalesce(
    case jsonb_typeof(granted -> feature) when 'boolean' then (granted -> feature)::boolean end,
    (to_jsonb(directory_internal.plan_of(plan_has_feature.business_id)) -> feature)::boolean,
    false
  );
end;
$$;

comment on function directory_internal.plan_has_feature(uuid, text) is
  'Whether a business has a feature: what an administrator set for this one in premium_features, '
  'else what its plan says. False for a business that is none. For functions that have checked the '
  'caller. Raises PL150 for an unknown feature.';

create function directory_internal.require_feature(business_id uuid, feature text)
returns void
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
begin
  if not directory_internal.plan_has_feature(require_feature.business_id, feature) then
    perform private.fail('PL151', feature);
  end if;
end;
$$;

comment on function directory_internal.require_feature(uuid, text) is
  'Returns when the business has the feature. Raises PL151 otherwise, PL150 for an unknown '
  'feature.';

-- Definer: paid periods and single grants are private. Whoever looks after the business asks.
create function directory_internal.has_feature(business_id uuid, feature text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  if has_feature.business_id in (select directory_internal.managed_business_ids()) is not true then
    perform private.require_any_role(array['moderator', 'analyst', 'admin', 'super_admin']);
  end if;
  return directory_internal.plan_has_feature(has_feature.business_id, feature);
end;
$$;

comment on function directory_internal.has_feature(uuid, text) is
  'Body of directory.has_feature().';

create function directory.has_feature(business_id uuid, feature text)
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select directory_internal.has_feature(business_id, feature);
$$;

comment on function directory.has_feature(uuid, text) is
  'Whether a business has a feature now. Parameters: the business; analytics, advanced_seo or '
  'api_access. For those who look after it, moderators, analysts and administrators. Raises 42501 '
  'for others, PL150 for an unknown feature.';

-- Definer: no API role may write credits or being featured. Owner, managers and administrators.
create function directory_internal.boost_business(business_id uuid)
returns timestamptz
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  boost constant interval := make_interval(
    hours => directory_internal.setting('boost_hours')::int
  );
  held directory.businesses;
  featured timestamptz;
begin
  held := directory_internal.lock_own_business(boost_business.business_id, manager_may => true);
  if not exists (
    select 1
    from directory_internal.visible_businesses
    where visible_businesses.id = held.id
  ) then
    perform private.fail(
      'PL153', case held.status when 'active' then 'suspended' else held.status end
    );
  end if;
  update directory_internal.business_private
  set boost_credits = boost_credits - 1
  where business_private.business_id = held.id and business_private.boost_credits > 0;
  if not found then
    perform private.fail('PL152');
  end if;

  update directory.businesses
  set featured_until = greatest(businesses.featured_until, now()) + boost
  where businesses.id = held.id
  returning businesses.featured_until into featured;
  return featured;
end;
$$;

comment on function directory_internal.boost_business(uuid) is
  'Body of directory.boost_business().';

create function directory.boost_business(business_id uuid)
returns timestamptz
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.boost_business(business_id);
$$;

comment on function directory.boost_business(uuid) is
  'Spends a boost: the business is featured for directory.boost_hours more. Returns until when. '
  'For its owner, its managers and administrators. Raises 42501 for others, PL152 without a boost, '
  'PL153 for a business that is not public.';

create function directory.featured_businesses(
  category_filter uuid default null,
  result_limit int default 20
)
returns setof directory.listings
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  perform directory_internal.check_range(
    'result_limit', result_limit, 1, directory_internal.setting('featured_limit')
  );
  return query
  select listings.*
  from directory.listings
  where listings.featured_until > now()
    and (listings.visible_until is null or listings.visible_until > now())
    and (category_filter is null or category_filter = any (listings.category_ids))
  order by listings.featured_until desc, listings.business_id
  limit result_limit;
end;
$$;

comment on function directory.featured_businesses(uuid, int) is
  'Businesses that are featured now, those whose time ends last first. Parameters: a category, '
  'with all below it; how many, up to directory.featured_limit. Raises PL104 for a number out of '
  'range.';

create function directory_internal.end_plans()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  batch constant int := directory_internal.setting('end_plans_batch')::int;
  ids uuid[];
begin
  perform directory_internal.lock_category_tree(alone => false);
  ids := array(
    select businesses.id
    from directory.businesses
    join directory_internal.business_private on business_private.business_id = businesses.id
    where businesses.subscription_tier <> 'free'
      and business_private.subscription_valid_until <= now()
    order by businesses.id
    limit batch
    for no key update of businesses
  );
  -- asked again: a payment may have come while this waited for the row
  update directory.businesses
  set subscription_tier = 'free'
  from directory_internal.business_private
  where businesses.id = any (ids)
    and business_private.business_id = businesses.id
    and business_private.subscription_valid_until <= now();
  return cardinality(ids) = batch;
end;
$$;

comment on function directory_internal.end_plans() is
  'Topic of the executor: writes down that a paid period is over, so that lists stop showing the '
  'tier; features ended by the clock already. Returns true while more may wait.';

select private.define_error('PL150', 400, 'There is no feature %s.',
  'The features are analytics, advanced_seo and api_access.');
select private.define_error('PL151', 400, 'The plan of the business does not include %s.',
  'directory.subscription_plans lists what each tier includes.');
select private.define_error('PL152', 400, 'The business has no boost left.',
  'Boosts come with payments; an administrator can add them.');
select private.define_error('PL153', 400, 'This can not be done with a business that is %s.',
  'Publish it, or wait for the end of its suspension.');

select ops.define_setting('directory.boost_hours', '24',
  'Hours for which one boost features a business.', 1, 8760);
select ops.define_setting('directory.featured_limit', '100',
  'Most rows that featured_businesses() returns.', 1, 1000);
select ops.define_setting('directory.end_plans_batch', '500',
  'Paid periods that a step ends.', 1, 100000);

alter table directory.subscription_plans enable row level security;

create policy subscription_plans_select_all on directory.subscription_plans
  for select
  to anon, authenticated
  using (true);

grant select on directory.subscription_plans to anon, authenticated, service_role;
grant update (analytics, advanced_seo, api_access, manager_limit)
  on directory.subscription_plans to service_role;
grant execute on function directory.featured_businesses(uuid, int)
  to anon, authenticated, service_role;
grant execute on function
  directory.has_feature(uuid, text), directory_internal.has_feature(uuid, text),
  directory.boost_business(uuid), directory_internal.boost_business(uuid)
  to authenticated, service_role;
