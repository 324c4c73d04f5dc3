-- The contract of schema directory: exactly these tables, views and functions, and exactly these
-- rights on them. Written by hand from the requirements. What an owner may not set (slug, status,
-- tier, verification, score, counters, ownership) is in no list of columns.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(8);

create temporary view expected_relations as
select *
from (
  values
    ('table', 'business_categories'),
    ('table', 'business_managers'),
    ('table', 'business_review_responses'),
    ('table', 'business_reviews'),
    ('table', 'business_stats'),
    ('table', 'business_view_daily'),
    ('table', 'business_views'),
    ('table', 'businesses'),
    ('table', 'categories'),
    ('table', 'listings'),
    ('table', 'review_flags'),
    ('table', 'review_vote_counts'),
    ('table', 'review_votes'),
    ('table', 'service_areas'),
    ('view', 'category_tree'),
    ('view', 'review_figures')
) as listed (kind, name);

create temporary view expected_functions as
select *
from (
  values
    ('admin_update_business', 'business_id uuid, changes jsonb', 'void'),
    ('api_get_businesses',
      'page_number integer DEFAULT 1, page_size integer DEFAULT 20, '
      'sort_by text DEFAULT ''name''::text, sort_order text DEFAULT ''asc''::text, '
      'filters jsonb DEFAULT ''{}''::jsonb',
      'TABLE(businesses jsonb, total_count bigint, page_info jsonb)'),
    ('api_get_business_analytics',
      'business_uuid uuid, date_from date DEFAULT NULL::date, date_to date DEFAULT NULL::date',
      'jsonb'),
    ('claim_reviews', 'result_limit integer DEFAULT 1',
      'TABLE(claim uuid, claimed_until timestamp with time zone, '
      'waiting_since timestamp with time zone, review_id uuid, business_id uuid, '
      'business_name text, status text, rating integer, title text, content text, '
      'visit_date date, photos jsonb, videos jsonb, language text, '
      'created_at timestamp with time zone, edited_at timestamp with time zone, '
      'earlier_notes text, flags jsonb)'),
    ('delete_review', 'review_id uuid', 'void'),
    ('find_nearby_businesses',
      'user_location geography DEFAULT NULL::geography, radius_meters integer DEFAULT 5000, '
      'limit_count integer DEFAULT 50, longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision',
      'TABLE(id uuid, name text, distance_meters double precision, '
      'bearing_degrees double precision, slug text, city text, state text, category_id uuid, '
      'category_name text, avg_rating numeric, review_count integer, '
      'longitude_degrees double precision, latitude_degrees double precision)'),
    ('in_service_area',
      'business_uuid uuid, user_location geography DEFAULT NULL::geography, '
      'longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision',
      'boolean'),
    ('moderate_review',
      'review_id uuid, decision text, notes text DEFAULT NULL::text, '
      'claim uuid DEFAULT NULL::uuid',
      'void'),
    ('refresh_business_stats', '',
      'TABLE(business_id uuid, figure text, stored text, correct text)'),
    ('release_review', 'claim uuid', 'boolean'),
    ('search_businesses',
      'search_query text, category_filter uuid DEFAULT NULL::uuid, '
      'location_filter geography DEFAULT NULL::geography, radius_meters integer DEFAULT 10000, '
      'result_limit integer DEFAULT 50, '
      'longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision, '
      'minimum_rating numeric DEFAULT NULL::numeric',
      'TABLE(id uuid, name text, description text, rank real, distance_meters double precision, '
      'slug text, city text, state text, category_id uuid, category_name text, '
      'avg_rating numeric, review_count integer, quality_score numeric, subscription_tier text, '
      'longitude_degrees double precision, latitude_degrees double precision, logo_url text, '
      'corrections jsonb)'),
    ('set_business_status',
      'business_id uuid, new_status text, reason text DEFAULT NULL::text', 'void'),
    ('track_click', 'events jsonb', 'integer'),
    ('track_share', 'events jsonb', 'integer'),
    ('track_view', 'events jsonb, visitor text DEFAULT NULL::text', 'integer'),
    ('vote_on_review', 'review_id uuid, helpful boolean',
      'TABLE(helpful_count integer, not_helpful_count integer)')
) as listed (name, arguments, result);

create temporary view expected_rights as
select
  listed.kind,
  listed.object,
  grantee,
  listed.privilege,
  (
    select array_agg(column_name order by column_name)
    from unnest(listed.columns::text[]) as column_name
  ) as columns
from (
  values
    ('schema', 'directory', 'usage', '{anon,authenticated,service_role}', null),

    -- everyone reads the tree, administrators shape it; path, level and counts are nobody's
    ('table', 'categories', 'select', '{anon,authenticated,service_role}', null),
    ('view', 'category_tree', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'categories', 'insert', '{authenticated,service_role}',
      '{parent_id,slug,name,description,icon,image_url,color,sort_order,featured,'
      'show_in_navigation,show_in_directory,meta_title,meta_description,active}'),
    ('table', 'categories', 'update', '{authenticated,service_role}',
      '{parent_id,slug,name,description,icon,image_url,color,sort_order,featured,'
      'show_in_navigation,show_in_directory,meta_title,meta_description,active}'),
    ('table', 'categories', 'delete', '{authenticated,service_role}', null),

    -- an owner enters a business and describes it; nobody but the service deletes a row
    ('table', 'businesses', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'businesses', 'insert', '{authenticated}',
      '{name,description,short_description,primary_category_id,tags,phone,email,website,'
      'address_line_1,address_line_2,city,state,zip_code,country,longitude,latitude,'
      'service_area_radius_miles,time_zone,business_hours,special_hours,year_established,'
      'employee_count,logo_url,cover_image_url,gallery,video_urls,brand_colors,social_media,'
      'external_platforms,meta_title,meta_description,meta_keywords,custom_attributes,owner_id}'),
    ('table', 'businesses', 'update', '{authenticated}',
      '{name,description,short_description,primary_category_id,tags,phone,email,website,'
      'address_line_1,address_line_2,city,state,zip_code,country,longitude,latitude,'
      'service_area_radius_miles,time_zone,business_hours,special_hours,year_established,'
      'employee_count,logo_url,cover_image_url,gallery,video_urls,brand_colors,social_media,'
      'external_platforms,meta_title,meta_description,meta_keywords,custom_attributes}'),
    ('table', 'businesses', 'insert', '{service_role}', null),
    ('table', 'businesses', 'update', '{service_role}', null),
    ('table', 'businesses', 'delete', '{service_role}', null),

    ('table', 'business_categories', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'business_categories', 'insert', '{authenticated}', '{business_id,category_id}'),
    ('table', 'business_categories', 'delete', '{authenticated,service_role}', null),
    ('table', 'business_categories', 'insert', '{service_role}', null),
    ('table', 'business_categories', 'update', '{service_role}', null),

    -- managers come by invitation, not by insert
    ('table', 'business_managers', 'select', '{authenticated,service_role}', null),
    ('table', 'business_managers', 'insert', '{service_role}', null),
    ('table', 'business_managers', 'update', '{service_role}', null),
    ('table', 'business_managers', 'delete', '{service_role}', null),

    -- an author writes and corrects; status and counters are moved by others
    ('table', 'business_reviews', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'business_reviews', 'insert', '{authenticated}',
      '{business_id,reviewer_id,rating,title,content,visit_date,photos,videos,language}'),
    ('table', 'business_reviews', 'update', '{authenticated}',
      '{rating,title,content,visit_date,photos,videos,language}'),
    ('table', 'business_reviews', 'insert', '{service_role}', null),
    ('table', 'business_reviews', 'update', '{service_role}', null),
    ('table', 'business_reviews', 'delete', '{service_role}', null),
    ('function', 'delete_review', 'execute', '{authenticated}', null),

    -- a voter changes the own vote; the counts are written by triggers alone, for the service too
    ('table', 'review_votes', 'select', '{authenticated,service_role}', null),
    ('table', 'review_votes', 'insert', '{authenticated}', '{review_id,user_id,helpful}'),
    ('table', 'review_votes', 'update', '{authenticated}', '{helpful}'),
    ('table', 'review_votes', 'insert', '{service_role}', null),
    ('table', 'review_votes', 'update', '{service_role}', null),
    ('table', 'review_votes', 'delete', '{authenticated,service_role}', null),
    ('table', 'review_vote_counts', 'select', '{anon,authenticated,service_role}', null),
    ('function', 'vote_on_review', 'execute', '{authenticated}', null),

    -- a report is made once and changed by nobody; moderators resolve it through moderate_review
    ('table', 'review_flags', 'select', '{authenticated,service_role}', null),
    ('table', 'review_flags', 'insert', '{authenticated}', '{review_id,reporter_id,reason,note}'),
    ('table', 'review_flags', 'insert', '{service_role}', null),
    ('table', 'review_flags', 'update', '{service_role}', null),
    ('table', 'review_flags', 'delete', '{service_role}', null),

    -- moderators; asked for inside
    ('function', 'claim_reviews', 'execute', '{authenticated,service_role}', null),
    ('function', 'release_review', 'execute', '{authenticated,service_role}', null),

    -- figures are read by all and reconciled by the service
    ('view', 'review_figures', 'select', '{anon,authenticated,service_role}', null),
    ('function', 'refresh_business_stats', 'execute', '{service_role}', null),

    ('table', 'business_review_responses', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'business_review_responses', 'insert', '{authenticated}',
      '{review_id,business_id,responder_id,content}'),
    ('table', 'business_review_responses', 'update', '{authenticated}', '{content}'),
    ('table', 'business_review_responses', 'insert', '{service_role}', null),
    ('table', 'business_review_responses', 'update', '{service_role}', null),
    ('table', 'business_review_responses', 'delete', '{service_role}', null),

    -- derived rows: read by all, written by one function
    ('table', 'business_stats', 'select', '{anon,authenticated,service_role}', null),

    -- who viewed what is for reports of the operator; owners have the analytics
    ('table', 'business_views', 'select', '{service_role}', null),
    ('table', 'business_view_daily', 'select', '{service_role}', null),
    ('function', 'track_view', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'track_click', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'track_share', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'api_get_business_analytics', 'execute', '{authenticated,service_role}', null),
    ('table', 'listings', 'select', '{anon,authenticated,service_role}', null),

    ('table', 'service_areas', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'service_areas', 'insert', '{authenticated}',
      '{business_id,area,area_name,delivery_fee,minimum_order,estimated_time_minutes}'),
    ('table', 'service_areas', 'update', '{authenticated}',
      '{area,area_name,delivery_fee,minimum_order,estimated_time_minutes}'),
    ('table', 'service_areas', 'delete', '{authenticated,service_role}', null),
    ('table', 'service_areas', 'insert', '{service_role}', null),
    ('table', 'service_areas', 'update', '{service_role}', null),

    ('function', 'search_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'find_nearby_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'in_service_area', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'api_get_businesses', 'execute', '{anon,authenticated,service_role}', null),
    -- each checks the caller's role
    ('function', 'set_business_status', 'execute', '{authenticated,service_role}', null),
    ('function', 'admin_update_business', 'execute', '{authenticated,service_role}', null),
    ('function', 'moderate_review', 'execute', '{authenticated,service_role}', null)
) as listed (kind, object, privilege, grantees, columns)
cross join lateral unnest(listed.grantees::text[]) as grantee;

\ir surface.psql
set local surface.schema = 'directory';

select is_empty(
  'select title from unlisted_objects',
  'schema directory holds no table, view, type or function that is not in the contract'
);
select is_empty(
  'select title from missing_objects',
  'every table, view and function of the contract is there, with its arguments and its result'
);
select is_empty(
  'select title from unlisted_rights',
  'nobody holds a right in schema directory that is not in the contract'
);
select is_empty('select title from missing_rights', 'every right of the contract is held');

savepoint planted;
create table directory.planted (id int);
create type directory.planted_kind as enum ('a');
create function directory.planted_function(id int) returns int language sql as 'select 1';
create sequence directory.planted_numbers;
select array(select title from unlisted_objects order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function planted_function(id integer) returns integer', 'sequence planted_numbers',
    'table planted', 'type planted_kind'
  ],
  'a table, type, sequence or function that is not in the contract is found'
);

savepoint planted;
alter view directory.category_tree rename to planted;
alter function directory.set_business_status rename to planted;
select array(select title from missing_objects order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function set_business_status(business_id uuid, new_status text, '
    'reason text DEFAULT NULL::text) returns void',
    'view category_tree'
  ],
  'a view or function that is gone from the contract is found'
);

savepoint planted;
grant update (status) on directory.business_review_responses to authenticated;
grant insert on directory.listings to service_role;
grant execute on function directory.moderate_review to anon;
select array(select title from unlisted_rights order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function moderate_review: execute to anon',
    'table business_review_responses: update (content, status) to authenticated',
    'table listings: insert to service_role'
  ],
  'one more column, table or function that a role may use is found'
);

savepoint planted;
revoke select on directory.listings from anon;
select array(select title from missing_rights) as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['table listings: select to anon'],
  'a right that is gone from the contract is found'
);

select * from finish();
rollback;
