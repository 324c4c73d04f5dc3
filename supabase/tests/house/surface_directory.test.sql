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
    ('table', 'business_duplicates'),
    ('table', 'business_managers'),
    ('table', 'business_review_responses'),
    ('table', 'business_reviews'),
    ('table', 'business_slug_history'),
    ('table', 'business_saves'),
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
    ('table', 'subscription_plans'),
    ('view', 'category_tree'),
    ('view', 'review_figures')
) as listed (kind, name);

create temporary view expected_functions as
select *
from (
  values
    ('accept_business_invitation', 'token text', 'uuid'),
    ('accept_business_transfer', 'token text', 'uuid'),
    ('admin_get_business', 'business_id uuid', 'jsonb'),
    ('admin_update_business', 'business_id uuid, changes jsonb', 'void'),
    ('api_get_business_analytics',
      'business_uuid uuid, date_from date DEFAULT NULL::date, date_to date DEFAULT NULL::date',
      'jsonb'),
    ('api_get_businesses',
      'page_number integer DEFAULT 1, page_size integer DEFAULT 20, '
      'sort_by text DEFAULT ''name''::text, sort_order text DEFAULT ''asc''::text, '
      'filters jsonb DEFAULT ''{}''::jsonb, count_method text DEFAULT ''exact''::text',
      'TABLE(businesses jsonb, total_count bigint, page_info jsonb)'),
    ('boost_business', 'business_id uuid', 'timestamp with time zone'),
    ('businesses_in_view',
      'bbox double precision[], zoom double precision, limit_count integer DEFAULT 200',
      'TABLE(business_count integer, longitude_degrees double precision, '
      'latitude_degrees double precision, bounds double precision[], id uuid, name text, '
      'slug text, category_id uuid, category_name text, avg_rating numeric, '
      'review_count integer)'),
    ('businesses_in_view_geojson',
      'bbox double precision[], zoom double precision, limit_count integer DEFAULT 200',
      'jsonb'),
    ('businesses_serving',
      'longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision, '
      'category_filter uuid DEFAULT NULL::uuid, limit_count integer DEFAULT 50, '
      'user_location geography DEFAULT NULL::geography',
      'TABLE(id uuid, name text, slug text, distance_meters double precision, city text, '
      'state text, category_id uuid, category_name text, avg_rating numeric, '
      'review_count integer, area_name text, delivery_fee numeric, minimum_order numeric, '
      'estimated_time_minutes integer, longitude_degrees double precision, '
      'latitude_degrees double precision)'),
    ('cancel_business_transfer', 'business_id uuid', 'boolean'),
    ('claim_business', 'token text', 'uuid'),
    ('claim_reviews', 'result_limit integer DEFAULT 1',
      'TABLE(claim uuid, claimed_until timestamp with time zone, '
      'waiting_since timestamp with time zone, review_id uuid, business_id uuid, '
      'business_name text, status text, rating integer, title text, content text, '
      'visit_date date, photos jsonb, videos jsonb, language text, '
      'created_at timestamp with time zone, edited_at timestamp with time zone, '
      'earlier_notes text, flags jsonb)'),
    ('decline_business_invitation', 'token text', 'uuid'),
    ('delete_review', 'review_id uuid', 'void'),
    ('dismiss_duplicate', 'business_id uuid, other_id uuid', 'boolean'),
    ('featured_businesses',
      'category_filter uuid DEFAULT NULL::uuid, result_limit integer DEFAULT 20',
      'SETOF directory.listings'),
    ('find_nearby_businesses',
      'user_location geography DEFAULT NULL::geography, radius_meters integer DEFAULT 5000, '
      'limit_count integer DEFAULT 50, longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision',
      'TABLE(id uuid, name text, distance_meters double precision, '
      'bearing_degrees double precision, slug text, city text, state text, category_id uuid, '
      'category_name text, avg_rating numeric, review_count integer, '
      'longitude_degrees double precision, latitude_degrees double precision)'),
    ('has_feature', 'business_id uuid, feature text', 'boolean'),
    ('in_service_area',
      'business_uuid uuid, user_location geography DEFAULT NULL::geography, '
      'longitude double precision DEFAULT NULL::double precision, '
      'latitude double precision DEFAULT NULL::double precision',
      'boolean'),
    ('invite_business_manager',
      'business_id uuid, role text DEFAULT ''editor''::text, email text DEFAULT NULL::text',
      'TABLE(invitation_id uuid, token text)'),
    ('is_open', 'business_id uuid, at timestamp with time zone DEFAULT now()', 'boolean'),
    ('issue_claim_token', 'claim_id uuid', 'text'),
    ('list_business_invitations',
      'business_id uuid',
      'TABLE(invitation_id uuid, role text, email text, invited_by uuid, expires_at timestamp '
      'with time zone, created_at timestamp with time zone)'),
    ('list_businesses',
      'cursor text DEFAULT NULL::text, page_size integer DEFAULT 20, '
      'sort_by text DEFAULT ''name''::text, sort_order text DEFAULT ''asc''::text, '
      'filters jsonb DEFAULT ''{}''::jsonb',
      'TABLE(businesses jsonb, next_cursor text)'),
    ('list_saved_businesses', 'cursor text DEFAULT NULL::text, page_size integer DEFAULT 20',
      'TABLE(businesses jsonb, next_cursor text)'),
    ('list_verifications',
      'business_id uuid',
      'TABLE(verification_id uuid, status text, reason text, decided_at timestamp with time '
      'zone, created_at timestamp with time zone)'),
    ('merge_businesses',
      'duplicate_id uuid, into_id uuid, reason text DEFAULT NULL::text',
      'void'),
    ('moderate_review',
      'review_id uuid, decision text, notes text DEFAULT NULL::text, '
      'claim uuid DEFAULT NULL::uuid',
      'void'),
    ('offer_business_transfer', 'business_id uuid, to_user uuid DEFAULT NULL::uuid', 'text'),
    ('open_business_claims',
      'result_limit integer DEFAULT 50',
      'TABLE(claim_id uuid, business_id uuid, requested_by uuid, has_token boolean, expires_at '
      'timestamp with time zone, created_at timestamp with time zone)'),
    ('refresh_business_stats', '',
      'TABLE(business_id uuid, figure text, stored text, correct text)'),
    ('related_businesses', 'business_uuid uuid, limit_count integer DEFAULT 6',
      'TABLE(id uuid, name text, slug text, city text, state text, category_id uuid, '
      'category_name text, avg_rating numeric, review_count integer, '
      'distance_meters double precision, logo_url text)'),
    ('release_review', 'claim uuid', 'boolean'),
    ('remove_business_manager', 'business_id uuid, user_id uuid', 'boolean'),
    ('renew_business_slug', 'business_id uuid', 'text'),
    ('request_business_claim', 'business_id uuid', 'uuid'),
    ('resolve_business_slug',
      'slug text',
      'TABLE(business_id uuid, current_slug text, is_redirect boolean)'),
    ('review_verification',
      'verification_id uuid, decision text, reason text DEFAULT NULL::text',
      'void'),
    ('revoke_business_invitation', 'invitation_id uuid', 'boolean'),
    ('save_business', 'business_uuid uuid', 'boolean'),
    ('save_service_area',
      'business_uuid uuid, area jsonb, area_name text DEFAULT NULL::text, '
      'delivery_fee numeric DEFAULT NULL::numeric, minimum_order numeric DEFAULT NULL::numeric, '
      'estimated_time_minutes integer DEFAULT NULL::integer, area_id uuid DEFAULT NULL::uuid',
      'uuid'),
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
    ('service_areas_geojson', 'business_uuid uuid', 'jsonb'),
    ('set_business_status',
      'business_id uuid, new_status text, reason text DEFAULT NULL::text', 'void'),
    ('sitemap_businesses', 'cursor text DEFAULT NULL::text, page_size integer DEFAULT 1000',
      'TABLE(entries jsonb, next_cursor text)'),
    ('submit_verification', 'business_id uuid, documents jsonb', 'uuid'),
    ('track_click', 'events jsonb', 'integer'),
    ('track_share', 'events jsonb', 'integer'),
    ('track_view', 'events jsonb, visitor text DEFAULT NULL::text', 'integer'),
    ('unsave_business', 'business_uuid uuid', 'boolean'),
    ('vote_on_review', 'review_id uuid, helpful boolean',
      'TABLE(helpful_count integer, not_helpful_count integer)'),
    ('waiting_verifications',
      'result_limit integer DEFAULT 50',
      'TABLE(verification_id uuid, business_id uuid, name text, legal_name text, documents '
      'jsonb, submitted_by uuid, created_at timestamp with time zone)')
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

    -- former addresses as far as their business is seen; pairs for moderators, by policy; plans for
    -- everybody, moved by the operator only
    ('table', 'business_slug_history', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'business_duplicates', 'select', '{authenticated,service_role}', null),
    ('table', 'subscription_plans', 'select', '{anon,authenticated,service_role}', null),
    ('table', 'subscription_plans', 'update', '{service_role}',
      '{analytics,advanced_seo,api_access,manager_limit}'),
    ('function', 'is_open', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'resolve_business_slug', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'featured_businesses', 'execute', '{anon,authenticated,service_role}', null),
    -- each answers for the caller's own account, which the service key has none of
    ('function', 'request_business_claim', 'execute', '{authenticated}', null),
    ('function', 'claim_business', 'execute', '{authenticated}', null),
    ('function', 'offer_business_transfer', 'execute', '{authenticated}', null),
    ('function', 'accept_business_transfer', 'execute', '{authenticated}', null),
    ('function', 'invite_business_manager', 'execute', '{authenticated}', null),
    ('function', 'accept_business_invitation', 'execute', '{authenticated}', null),
    ('function', 'decline_business_invitation', 'execute', '{authenticated}', null),
    -- each checks that the caller owns the business, looks after it, or holds the role
    ('function', 'cancel_business_transfer', 'execute', '{authenticated,service_role}', null),
    ('function', 'revoke_business_invitation', 'execute', '{authenticated,service_role}', null),
    ('function', 'remove_business_manager', 'execute', '{authenticated,service_role}', null),
    ('function', 'list_business_invitations', 'execute', '{authenticated,service_role}', null),
    ('function', 'renew_business_slug', 'execute', '{authenticated,service_role}', null),
    ('function', 'has_feature', 'execute', '{authenticated,service_role}', null),
    ('function', 'boost_business', 'execute', '{authenticated,service_role}', null),
    ('function', 'submit_verification', 'execute', '{authenticated,service_role}', null),
    ('function', 'list_verifications', 'execute', '{authenticated,service_role}', null),
    ('function', 'issue_claim_token', 'execute', '{authenticated,service_role}', null),
    ('function', 'open_business_claims', 'execute', '{authenticated,service_role}', null),
    ('function', 'waiting_verifications', 'execute', '{authenticated,service_role}', null),
    ('function', 'review_verification', 'execute', '{authenticated,service_role}', null),
    ('function', 'dismiss_duplicate', 'execute', '{authenticated,service_role}', null),
    ('function', 'merge_businesses', 'execute', '{authenticated,service_role}', null),

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

    -- writes as the caller: the policies of the table decide
    ('function', 'save_service_area', 'execute', '{authenticated,service_role}', null),
    ('function', 'service_areas_geojson', 'execute', '{anon,authenticated,service_role}', null),

    -- each reads the own rows; written by two RPCs, which hold the cap
    ('table', 'business_saves', 'select', '{authenticated,service_role}', null),
    ('function', 'save_business', 'execute', '{authenticated}', null),
    ('function', 'unsave_business', 'execute', '{authenticated}', null),
    ('function', 'list_saved_businesses', 'execute', '{authenticated}', null),

    ('function', 'search_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'find_nearby_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'in_service_area', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'api_get_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'list_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'businesses_serving', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'businesses_in_view', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'businesses_in_view_geojson', 'execute', '{anon,authenticated,service_role}',
      null),
    ('function', 'related_businesses', 'execute', '{anon,authenticated,service_role}', null),
    ('function', 'sitemap_businesses', 'execute', '{anon,authenticated,service_role}', null),
    -- each checks the caller's role
    ('function', 'set_business_status', 'execute', '{authenticated,service_role}', null),
    ('function', 'admin_update_business', 'execute', '{authenticated,service_role}', null),
    ('function', 'admin_get_business', 'execute', '{authenticated,service_role}', null),
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
