-- The public table has every column of the requirement that the public may read, and none that it
-- may not.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(10);

select columns_are(
  'directory', 'businesses',
  array[
    'id', 'slug', 'name', 'description', 'short_description', 'primary_category_id', 'tags',
      'phone',
    'phone_verified', 'email', 'email_verified', 'website', 'address_line_1', 'address_line_2',
    'city', 'state', 'zip_code', 'country', 'longitude', 'latitude', 'location',
    'service_area_radius_miles', 'time_zone', 'business_hours', 'special_hours', 'year_established',
    'employee_count', 'logo_url', 'cover_image_url', 'gallery', 'video_urls', 'brand_colors',
    'social_media', 'external_platforms', 'verification_status', 'verification_date',
    'trust_signals', 'subscription_tier', 'featured_until', 'meta_title', 'meta_description',
    'meta_keywords', 'custom_attributes', 'status', 'published_at', 'suspended_at',
    'suspended_until', 'deleted_at', 'owner_id', 'claimed_at', 'created_at', 'updated_at'
  ],
  'businesses has no legal name, revenue, document, token, billing or moderation column'
);
select columns_are(
  'directory_internal', 'business_private',
  array[
    'business_id', 'legal_name', 'annual_revenue', 'verification_documents',
    'subscription_valid_until', 'premium_features', 'boost_credits', 'suspension_reason', 'notes',
    'created_at', 'updated_at'
  ],
  'what the public may not read of a business lies in business_private'
);
select columns_are(
  'directory_internal', 'business_claims',
  array[
    'id', 'business_id', 'kind', 'token_hash', 'requested_by', 'to_user', 'expires_at', 'used_at',
    'cancelled_at', 'created_at'
  ],
  'claim and transfer tokens lie in business_claims, as hashes'
);
select columns_are(
  'directory', 'business_stats',
  array[
    'business_id', 'review_count', 'rating_total', 'rating_counts', 'avg_rating',
    'bayesian_rating', 'quality_score', 'view_count', 'click_count', 'save_count', 'share_count',
    'last_activity_at'
  ],
  'figures that follow from other rows lie in business_stats'
);
select columns_are(
  'directory', 'business_categories', array['business_id', 'category_id', 'created_at'],
  'further categories are rows, so that each names a category that exists'
);
select columns_are(
  'directory', 'business_managers',
  array['business_id', 'user_id', 'role', 'invited_by', 'accepted_at', 'created_at'],
  'managers are rows with a role and an acceptance'
);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqd-one', 'Zqd One');
insert into directory.businesses (id, name, city, state, primary_category_id)
values ('b7e57000-0000-4000-8000-000000000001', 'Zqd One', 'Zqdville', 'TX',
  'c7e57000-0000-4000-8000-000000000001');

select results_eq(
  $$
    select status, verification_status, subscription_tier, country, time_zone, phone_verified,
      email_verified, published_at, deleted_at, owner_id
    from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$
    values ('draft', 'pending', 'free', 'United States', 'UTC', false, false, null::timestamptz,
      null::timestamptz, null::uuid)
  $$,
  'a new business is an unverified free draft in the United States'
);
select results_eq(
  $$
    select tags, meta_keywords, business_hours, special_hours, gallery, video_urls, brand_colors,
      social_media, external_platforms, trust_signals, custom_attributes
    from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$
    values ('{}'::text[], '{}'::text[], '{}'::jsonb, '{}'::jsonb, '[]'::jsonb, '[]'::jsonb,
      '{}'::jsonb, '{}'::jsonb, '{}'::jsonb, '{}'::jsonb, '{}'::jsonb)
  $$,
  'lists and objects of a new business are empty, not null'
);

update directory.businesses set longitude = -97.7431, latitude = 30.2672
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(
  (
    select extensions.st_astext(location) from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  'POINT(-97.7431 30.2672)',
  'the location is made from longitude and latitude'
);
select throws_ok(
  $$
    update directory.businesses set location = 'POINT(0 0)'
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  '428C9', null,
  'nobody writes the location itself'
);

select * from finish();
rollback;
