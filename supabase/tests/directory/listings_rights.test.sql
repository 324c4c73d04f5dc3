-- Everyone reads every listing; so none holds what the public may not see, and nobody writes one.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(37);

select columns_are(
  'directory', 'listings',
  array[
    'business_id', 'slug', 'name', 'short_description', 'category_id', 'category_ids', 'tags',
    'phone', 'website', 'logo_url', 'cover_image_url', 'city', 'state', 'zip_code', 'country',
    'longitude', 'latitude', 'location', 'subscription_tier', 'is_verified', 'quality_score',
    'avg_rating', 'review_count', 'popularity', 'featured_until', 'visible_until', 'published_at',
    'updated_at'
  ],
  'a listing holds no owner, no e-mail address and nothing private'
);
select columns_are(
  'directory_internal', 'documents', array['business_id', 'name_key', 'document'],
  'a search document holds the words and nothing else'
);
select is(
  (
    select string_agg(format('%s %s', polcmd, pg_get_expr(polqual, polrelid)), ', ')
    from pg_policy where polrelid = table_name::regclass
  ),
  'r true',
  format('the one policy of %s lets everyone read every row', table_name)
)
from unnest(
  array[
    'directory.listings', 'directory_internal.documents', 'directory_internal.vocabulary',
    'directory_internal.vocabulary_deletes'
  ]
) as table_name;
select table_privs_are(
  schema_name, table_name, role_name, array['SELECT'],
  format('%s may read %s and do nothing else to it', role_name, table_name)
)
from unnest(array['anon', 'authenticated', 'service_role']) as role_name
cross join (
  values
    ('directory', 'listings'),
    ('directory', 'business_stats'),
    ('directory_internal', 'documents'),
    ('directory_internal', 'vocabulary'),
    ('directory_internal', 'vocabulary_deletes')
) as kept (schema_name, table_name);
select function_privs_are(
  'directory_internal', function_name, argument_types, role_name, '{}',
  format('%s can not run %s', role_name, function_name)
)
from unnest(array['anon', 'authenticated', 'service_role']) as role_name
cross join (
  values
    ('refresh_listings', array['uuid[]', 'boolean']),
    ('learn_words', array['text[]']),
    ('tidy_listings', '{}'::text[]),
    ('recount_vocabulary', '{}'::text[]),
    ('recount_category_businesses', '{}'::text[])
) as kept (function_name, argument_types);
select results_eq(
  $$
    select handler, every
    from ops.topics
    where handler like 'directory_internal.%' and is_enabled
    order by handler
  $$,
  $$
    values
      ('directory_internal.end_plans', interval '1 minute'),
      ('directory_internal.fold_business_events', '1 minute'),
      ('directory_internal.fold_category_counts', '1 minute'),
      ('directory_internal.fold_map_counts', '1 minute'),
      ('directory_internal.fold_save_counts', '1 minute'),
      ('directory_internal.recount_vocabulary', '1 day'),
      ('directory_internal.tidy_listings', '1 minute')
  $$,
  'the upkeep of plans, views, saves, listings, counts and vocabulary is scheduled'
);

select * from finish();
rollback;
