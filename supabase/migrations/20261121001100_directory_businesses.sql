-- Businesses. What the public may never read (legal name, revenue, documents, billing, tokens)
-- lives in tables of its own, and what an owner may never set is left out of the column grants, so
-- neither a policy nor a frontend can give it away by mistake.

create table directory.businesses (
  id uuid primary key default gen_random_uuid(),
  slug text not null default '',
  name text not null,
  description text,
  short_description text,

  primary_category_id uuid not null
    constraint businesses_primary_category_id_fkey
    references directory.categories (id) on delete restrict,
  tags text[] not null default '{}',

  phone text,
  phone_verified boolean not null default false,
  email text,
  email_verified boolean not null default false,
  website text,

  address_line_1 text,
  address_line_2 text,
  city text not null,
  state text not null,
  zip_code text,
  country text not null default 'United States',
  longitude double precision,
  latitude double precision,
  location extensions.geography(point, 4326) generated always as (
    extensions.st_setsrid(extensions.st_makepoint(longitude, latitude), 4326)::extensions.geography
  ) stored,
  service_area_radius_miles int,
  time_zone text not null default 'UTC',

  business_hours jsonb not null default '{}',
  special_hours jsonb not null default '{}',
  year_established int,
  employee_count text,

  logo_url text,
  cover_image_url text,
  gallery jsonb not null default '[]',
  video_urls jsonb not null default '[]',
  brand_colors jsonb not null default '{}',
  social_media jsonb not null default '{}',
  external_platforms jsonb not null default '{}',

  verification_status text not null default 'pending',
  verification_date timestamptz,
  trust_signals jsonb not null default '{}',
  subscription_tier text not null default 'free',
  featured_until timestamptz,

  meta_title text,
  meta_description text,
  meta_keywords text[] not null default '{}',
  custom_attributes jsonb not null default '{}',

  status text not null default 'draft',
  published_at timestamptz,
  suspended_at timestamptz,
  suspended_until timestamptz,
  deleted_at timestamptz,

  owner_id uuid default auth.uid()
    constraint businesses_owner_id_fkey references auth.users (id) on delete set null,
  claimed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),

  constraint businesses_slug_key unique (slug),
  constraint businesses_slug_check check (
    slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 255
  ),
  constraint businesses_name_check check (char_length(btrim(name)) between 1 and 255),
  constraint businesses_description_check check (char_length(description) <= 10000),
  constraint businesses_short_description_check check (char_length(short_description) <= 500),
  constraint businesses_tags_check check (
    cardinality(tags) <= 50 and char_length(array_to_string(tags, '')) <= 2000
  ),
  constraint businesses_phone_check check (phone ~ '^[+(]?[0-9][0-9 ()./x+-]{2,18}$'),
  constraint businesses_email_check check (
    char_length(email) <= 255
    and email ~ ('^[a-z0-9_%+-]+(\.[a-z0-9_%+-]+)*'
      '@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}$')
  ),
  constraint businesses_website_check check (
    website ~* '^https?://[^[:space:]]+$' and char_length(website) <= 255
  ),
  constraint businesses_address_check check (
    char_length(address_line_1) <= 255
    and char_length(address_line_2) <= 255
    and char_length(btrim(city)) between 1 and 100
    and char_length(btrim(state)) between 1 and 50
    and char_length(zip_code) <= 20
    and char_length(btrim(country)) between 1 and 50
  ),
  constraint businesses_coordinates_check check (
    (longitude is null) = (latitude is null)
    and longitude between -180 and 180
    and latitude between -90 and 90
  ),
  constraint businesses_service_area_radius_miles_check check (
    service_area_radius_miles between 1 and 500
  ),
  constraint businesses_business_hours_check check (
    directory_internal.is_weekly_hours(business_hours)
  ),
  constraint businesses_special_hours_check check (
    directory_internal.is_special_hours(special_hours)
  ),
  constraint businesses_year_established_check check (year_established between 1000 and 2200),
  constraint businesses_employee_count_check check (char_length(employee_count) <= 50),
  constraint businesses_logo_url_check check (
    logo_url ~* '^https?://' and char_length(logo_url) <= 500
  ),
  constraint businesses_cover_image_url_check check (
    cover_image_url ~* '^https?://' and char_length(cover_image_url) <= 500
  ),
  constraint businesses_json_check check (
    jsonb_typeof(gallery) = 'array'
    and jsonb_typeof(video_urls) = 'array'
    and jsonb_typeof(brand_colors) = 'object'
    and jsonb_typeof(social_media) = 'object'
    and jsonb_typeof(external_platforms) = 'object'
    and jsonb_typeof(trust_signals) = 'object'
    and jsonb_typeof(custom_attributes) = 'object'
  ),
  constraint businesses_json_size_check check (
    octet_length(business_hours::text) + octet_length(special_hours::text)
    + octet_length(gallery::text) + octet_length(video_urls::text)
    + octet_length(brand_colors::text) + octet_length(social_media::text)
    + octet_length(external_platforms::text) + octet_length(trust_signals::text)
    + octet_length(custom_attributes::text) <= 131072
  ),
  constraint businesses_verification_status_check check (
    verification_status in ('unverified', 'pending', 'verified', 'rejected')
  ),
  constraint businesses_subscription_tier_check check (
    subscription_tier in ('free', 'premium', 'elite')
  ),
  constraint businesses_meta_check check (
    char_length(meta_title) <= 255
    and char_length(meta_description) <= 500
    and cardinality(meta_keywords) <= 50
    and char_length(array_to_string(meta_keywords, '')) <= 2000
  ),
  constraint businesses_status_check check (
    status in ('draft', 'active', 'suspended', 'deleted')
  ),
  constraint businesses_published_at_check check (
    status not in ('active', 'suspended') or published_at is not null
  ),
  constraint businesses_suspension_check check (suspended_until > suspended_at),
  constraint businesses_deleted_at_check check ((status = 'deleted') = (deleted_at is not null))
);

create index businesses_primary_category_id_idx on directory.businesses (primary_category_id);
create index businesses_city_idx on directory.businesses (state, city) include (name);
create index businesses_owner_id_idx on directory.businesses (owner_id);
create index businesses_paying_idx on directory.businesses (subscription_tier, featured_until)
  where subscription_tier <> 'free';
create index businesses_suspended_at_idx on directory.businesses (suspended_at)
  where suspended_at is not null;
create index businesses_custom_attributes_idx
  on directory.businesses using gin (custom_attributes jsonb_path_ops);

comment on table directory.businesses is
  'Businesses, whole. The public reads the active ones; lists and searches read '
  'directory.listings.';
comment on column directory.businesses.slug is
  'Name in addresses. Made from name and city when it is empty, which is all that clients can '
  'send.';
comment on column directory.businesses.longitude is 'Degrees east, WGS 84, -180 to 180.';
comment on column directory.businesses.latitude is 'Degrees north, WGS 84, -90 to 90.';
comment on column directory.businesses.location is
  'Made from longitude and latitude, which are checked first: a geography silently folds 91° to '
  '89°.';
comment on column directory.businesses.service_area_radius_miles is
  'Radius served around the location, in miles, where no service area is drawn.';
comment on column directory.businesses.time_zone is 'IANA name, as in America/Chicago.';
comment on column directory.businesses.business_hours is
  'Weekly hours: day (mon to sun) to a list of [opens, closes] as HH:MM in the local time zone. '
  'What closes at or before it opens closes on the next day; 24:00 is the end of the day.';
comment on column directory.businesses.special_hours is
  'Holidays and exceptions: date (YYYY-MM-DD) to the hours of that day, as in business_hours; an '
  'empty list is closed.';
comment on column directory.businesses.employee_count is 'A range in words, as in 10-49.';
comment on column directory.businesses.verification_status is
  'unverified, pending, verified or rejected. Changed by directory.review_verification().';
comment on column directory.businesses.trust_signals is
  'Public marks of trust. Administrators only.';
comment on column directory.businesses.subscription_tier is
  'What the business pays for. It opens features and never decides who may read the row.';
comment on column directory.businesses.featured_until is
  'End of being featured. Administrators only.';
comment on column directory.businesses.status is
  'draft, active, suspended or deleted. Changed by directory.set_business_status(), along '
  'directory_internal.business_transitions.';
comment on column directory.businesses.suspended_at is
  'Start of a suspension; in the future, the business stays visible until then.';
comment on column directory.businesses.suspended_until is
  'End of a suspension, when the business is visible again; null while it has none.';
comment on column directory.businesses.claimed_at is
  'When the present owner took it over by claim or transfer; null for who entered it.';
comment on column directory.businesses.owner_id is
  'Who owns the entry. Ownership changes hands by claim or transfer, never by an update.';

create table directory_internal.business_transitions (
  from_status text not null,
  to_status text not null,
  owner_may boolean not null,
  moderator_may boolean not null,
  primary key (from_status, to_status),
  constraint business_transitions_status_check check (
    from_status in ('draft', 'active', 'suspended', 'deleted')
    and to_status in ('draft', 'active', 'suspended', 'deleted')
    and from_status <> to_status
  )
);

comment on table directory_internal.business_transitions is
  'The steps that a business can take from state to state, and who may take them. A trigger holds '
  'every writer to the steps; set_business_status() to the persons.';
comment on column directory_internal.business_transitions.owner_may is
  'Whether the owner may take the step.';
comment on column directory_internal.business_transitions.moderator_may is
  'Whether moderators and administrators may, for a business that is not theirs.';

insert into directory_internal.business_transitions
  (from_status, to_status, owner_may, moderator_may)
values
  ('draft', 'active', true, true),
  ('active', 'draft', true, false),
  ('draft', 'deleted', true, true),
  ('active', 'deleted', true, true),
  ('active', 'suspended', false, true),
  ('suspended', 'active', false, true),
  -- not by the owner: what is under moderation stays where moderators look
  ('suspended', 'deleted', false, true);

create table directory_internal.business_private (
  business_id uuid primary key
    constraint business_private_business_id_fkey
    references directory.businesses (id) on delete cascade,
  legal_name text,
  annual_revenue text,
  verification_documents jsonb not null default '[]',
  subscription_valid_until timestamptz,
  premium_features jsonb not null default '{}',
  boost_credits int not null default 0,
  suspension_reason text,
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint business_private_legal_name_check check (char_length(legal_name) <= 255),
  constraint business_private_annual_revenue_check check (char_length(annual_revenue) <= 50),
  constraint business_private_json_check check (
    jsonb_typeof(verification_documents) = 'array' and jsonb_typeof(premium_features) = 'object'
  ),
  constraint business_private_suspension_reason_check check (
    char_length(suspension_reason) <= 2000
  ),
  constraint business_private_boost_credits_check check (boost_credits >= 0)
);

comment on table directory_internal.business_private is
  'Columns of a business that the public must never read. No API role has a right here.';
comment on column directory_internal.business_private.annual_revenue is 'A range in words.';
comment on column directory_internal.business_private.verification_documents is
  'Papers handed in for verification: a list of {kind, path, received_at}.';
comment on column directory_internal.business_private.subscription_valid_until is
  'End of the paid period; null for the free tier.';
comment on column directory_internal.business_private.boost_credits is 'Paid placements left.';

create table directory.business_categories (
  business_id uuid not null
    constraint business_categories_business_id_fkey
    references directory.businesses (id) on delete cascade,
  category_id uuid not null
    constraint business_categories_category_id_fkey
    references directory.categories (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (business_id, category_id)
);

create index business_categories_category_id_idx on directory.business_categories (category_id);

comment on table directory.business_categories is
  'Categories of a business besides its primary one.';

create table directory.business_managers (
  business_id uuid not null
    constraint business_managers_business_id_fkey
    references directory.businesses (id) on delete cascade,
  user_id uuid not null
    constraint business_managers_user_id_fkey references auth.users (id) on delete cascade,
  role text not null default 'manager',
  invited_by uuid
    constraint business_managers_invited_by_fkey references auth.users (id) on delete set null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (business_id, user_id),
  constraint business_managers_role_check check (role in ('manager', 'editor'))
);

create index business_managers_user_id_idx on directory.business_managers (user_id);
create index business_managers_invited_by_idx on directory.business_managers (invited_by);

comment on table directory.business_managers is
  'Who may look after a business besides its owner.';
comment on column directory.business_managers.role is
  'A manager edits the entry and answers reviews; an editor edits the entry.';
comment on column directory.business_managers.accepted_at is
  'When the invitation was accepted; until then the row gives no right.';

-- Definer: reads ownership past the policies that ask it. It answers for the caller only.
create function directory_internal.managed_business_ids(
  roles text[] default array['manager', 'editor']
)
returns setof uuid
language sql
stable
parallel safe
security definer
set search_path = ''
as $$
  select businesses.id
  from directory.businesses
  where businesses.owner_id = auth.uid()
  union
  select business_managers.business_id
  from directory.business_managers
  where business_managers.user_id = auth.uid()
    and business_managers.accepted_at is not null
    and business_managers.role = any (managed_business_ids.roles);
$$;

comment on function directory_internal.managed_business_ids(text[]) is
  'Businesses that the caller owns, or looks after in one of the roles. Policies compare a column '
  'with the set, which is computed once a statement.';

create function directory_internal.require_owner(business_id uuid, manager_may boolean)
returns void
language plpgsql
stable
security invoker
set search_path = ''
as $$
begin
  if private.is_operator()
    or private.has_any_role(array['admin', 'super_admin'])
    or exists (
      select 1
      from directory.businesses
      where businesses.id = require_owner.business_id and businesses.owner_id = auth.uid()
    )
    or manager_may and require_owner.business_id in (
      select directory_internal.managed_business_ids(array['manager'])
    )
  then
    return;
  end if;
  raise exception using
    errcode = '42501',
    message = 'The business is not yours.',
    hint = case
      when manager_may then 'Its owner, its managers and administrators may do this.'
      else 'Its owner and administrators may do this.'
    end;
end;
$$;

comment on function directory_internal.require_owner(uuid, boolean) is
  'Returns when the caller owns the business, is one of its managers (where manager_may says so), '
  'an administrator or the operator. Raises 42501 for others, also for a business that is none.';

create function directory_internal.lock_own_business(
  business_id uuid,
  manager_may boolean default false
)
returns directory.businesses
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  held directory.businesses;
begin
  -- before the lock, so that a stranger can hold up nobody
  perform directory_internal.require_owner(lock_own_business.business_id, manager_may);
  held := directory_internal.lock_business(lock_own_business.business_id);
  -- and once more, because the owner may have changed while this waited
  perform directory_internal.require_owner(held.id, manager_may);
  return held;
end;
$$;

comment on function directory_internal.lock_own_business(uuid, boolean) is
  'Locks the business of the caller and returns it. Called by definer functions. Raises what '
  'require_owner() and lock_business() raise.';

create function directory_internal.lock_business(business_id uuid)
returns directory.businesses
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  held directory.businesses;
begin
  -- the order of all writers: the update to come takes the tree as well
  perform directory_internal.lock_category_tree(alone => false);
  select businesses.* into held
  from directory.businesses
  where businesses.id = lock_business.business_id
  for no key update;
  if held.id is null then
    perform private.fail('PT404', 'Business ' || coalesce(lock_business.business_id::text, 'null'));
  end if;
  return held;
end;
$$;

comment on function directory_internal.lock_business(uuid) is
  'Locks a business until the transaction ends and returns it as it is then. Raises PT404 for one '
  'that is not there.';

create function directory_internal.search_key(words text)
returns text
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select btrim(
    regexp_replace(
      replace(
        lower(extensions.unaccent('extensions.unaccent'::regdictionary, words)), '''', ''
      ),
      '[^[:alnum:]]+', ' ', 'g'
    )
  );
$$;

comment on function directory_internal.search_key(text) is
  'Text as search compares it: lower case, without accents and apostrophes, words apart by one '
  'space.';

create function directory_internal.slug_base(name text, city text)
returns text
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select coalesce(
    nullif(
      btrim(
        regexp_replace(
          left(replace(directory_internal.search_key(name || ' ' || city), ' ', '-'), 200),
          '[^a-z0-9]+', '-', 'g'
        ),
        '-'
      ),
      ''
    ),
    'business'
  );
$$;

comment on function directory_internal.slug_base(text, text) is
  'The slug that a name and a city ask for, at most 200 characters; business when no letter is '
  'left. What is taken gets the id of the business behind it.';

create function directory_internal.stamp_business()
returns trigger
language plpgsql
volatile
security definer -- must see slugs of rows that the writer may not read
set search_path = ''
as $$
declare
  base_slug text;
begin
  if coalesce(new.slug, '') = '' then
    base_slug := directory_internal.slug_base(new.name, new.city);
    -- somebody who is writing the same name just now is not waited for: two imports that bring the
    -- same names in different orders would wait for each other. Few keys, because a transaction
    -- can hold few locks; two names that share one only cost the second its plain slug
    if not pg_try_advisory_xact_lock(hashtextextended('directory.slug:' || base_slug, 0) % 1024)
      or exists (
        select 1
        from directory.businesses
        where businesses.slug = base_slug and businesses.id <> new.id
        union all
        select 1
        from directory.business_slug_history as history
        where history.slug = base_slug and history.business_id <> new.id
      )
    then
      base_slug := base_slug || '-' || new.id;
    end if;
    new.slug := base_slug;
  end if;

  new.email := lower(new.email);
  -- a name that Postgres does not know is refused here, with 22023
  perform now() at time zone new.time_zone;
  if new.status in ('active', 'suspended') then
    new.published_at := coalesce(new.published_at, now());
  end if;
  if new.status = 'deleted' then
    new.deleted_at := coalesce(new.deleted_at, now());
  end if;
  return new;
end;
$$;

comment on function directory_internal.stamp_business() is
  'Trigger function, before insert or update: makes the slug, lowers the e-mail address, dates '
  'publication and deletion. Raises 22023 for an unknown time zone.';

-- Definer: writers may not read the steps.
create function directory_internal.check_business_transition()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if not exists (
    select 1
    from directory_internal.business_transitions
    where business_transitions.from_status = old.status
      and business_transitions.to_status = new.status
  ) then
    perform private.fail('PL141', old.status, new.status);
  end if;
  return new;
end;
$$;

comment on function directory_internal.check_business_transition() is
  'Trigger function, before update of the status: holds every writer, the operator too, to '
  'directory_internal.business_transitions. A new row may begin in any state, as imports do. '
  'Raises PL141.';

create trigger businesses_transition
  before update on directory.businesses
  for each row
  when (old.status is distinct from new.status)
  execute function directory_internal.check_business_transition();

create trigger businesses_stamp
  before insert or update on directory.businesses
  for each row execute function directory_internal.stamp_business();

create trigger businesses_set_updated_at
  before update on directory.businesses
  for each row execute function private.set_updated_at();

create trigger business_private_set_updated_at
  before update on directory_internal.business_private
  for each row execute function private.set_updated_at();

alter table directory.businesses enable row level security;
alter table directory_internal.business_transitions enable row level security;
alter table directory_internal.business_private enable row level security;
alter table directory.business_categories enable row level security;
alter table directory.business_managers enable row level security;

create policy businesses_select_anon on directory.businesses
  for select
  to anon
  using (
    status in ('active', 'suspended')
    and (
      suspended_until <= now()
      or (status = 'active' and (suspended_at is null or suspended_at > now()))
    )
  );

-- owner_id is asked for besides the set, which does not hold the row that an insert returns
create policy businesses_select_authenticated on directory.businesses
  for select
  to authenticated
  using (
    (
      status in ('active', 'suspended')
      and (
        suspended_until <= now()
        or (status = 'active' and (suspended_at is null or suspended_at > now()))
      )
    )
    or owner_id = (select auth.uid())
    or id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

create policy businesses_insert_owner on directory.businesses
  for insert
  to authenticated
  with check (owner_id = (select auth.uid()));

create policy businesses_update_managers on directory.businesses
  for update
  to authenticated
  using (
    status <> 'deleted'
    and (
      id = any (array(select directory_internal.managed_business_ids()))
      or (select private.has_any_role(array['admin', 'super_admin']))
    )
  )
  with check (
    id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

create policy business_managers_select_involved on directory.business_managers
  for select
  to authenticated
  using (
    user_id = (select auth.uid())
    or business_id = any (array(select directory_internal.managed_business_ids(array['manager'])))
    or (select private.has_any_role(array['moderator', 'admin', 'super_admin']))
  );

-- A deleted or hidden business takes its further categories out of sight with it.
create policy business_categories_select_anon on directory.business_categories
  for select
  to anon
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

create policy business_categories_select_authenticated on directory.business_categories
  for select
  to authenticated
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

create policy business_categories_insert_managers on directory.business_categories
  for insert
  to authenticated
  with check (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

create policy business_categories_delete_managers on directory.business_categories
  for delete
  to authenticated
  using (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

grant select on directory.businesses, directory.business_categories
  to anon, authenticated, service_role;
grant select on directory.business_managers to authenticated, service_role;
grant
  insert (
    name, description, short_description, primary_category_id, tags, phone, email, website,
    address_line_1, address_line_2, city, state, zip_code, country, longitude, latitude,
    service_area_radius_miles, time_zone, business_hours, special_hours, year_established,
    employee_count, logo_url, cover_image_url, gallery, video_urls, brand_colors, social_media,
    external_platforms, meta_title, meta_description, meta_keywords, custom_attributes, owner_id
  ),
  update (
    name, description, short_description, primary_category_id, tags, phone, email, website,
    address_line_1, address_line_2, city, state, zip_code, country, longitude, latitude,
    service_area_radius_miles, time_zone, business_hours, special_hours, year_established,
    employee_count, logo_url, cover_image_url, gallery, video_urls, brand_colors, social_media,
    external_platforms, meta_title, meta_description, meta_keywords, custom_attributes
  )
  on directory.businesses to authenticated;
grant insert (business_id, category_id), delete on directory.business_categories to authenticated;
grant insert, update, delete
  on directory.businesses, directory.business_categories, directory.business_managers
  to service_role;
grant execute on function directory_internal.managed_business_ids(text[]) to authenticated;
grant execute on function directory_internal.search_key(text)
  to anon, authenticated, service_role;
