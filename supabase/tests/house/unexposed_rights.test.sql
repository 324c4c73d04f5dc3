-- What is not served by the API is reached only where a policy or a function that runs as the
-- caller needs it. Each right in an unexposed schema stands here by hand, with its reason;
-- partitions and whatever comes later have none.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(3);

create temporary view expected as
select listed.schema_name, listed.kind, listed.object, grantee, listed.privilege
from (
  values
    ('archive', 'schema', 'archive', 'usage', '{service_role}',
      'to find the bodies below'),
    ('archive', 'table', 'policies', 'select', '{service_role}',
      'ops.archive_status reads it as the caller'),
    ('archive', 'table', 'jobs', 'select', '{service_role}',
      'ops.archive_status reads it as the caller'),
    ('archive', 'table', 'manifest', 'select', '{service_role}',
      'ops.archive_status reads it as the caller'),
    ('archive', 'function', 'next_work', 'execute', '{service_role}',
      'body of ops.next_archive_work(); it checks the caller'),
    ('archive', 'function', 'confirm_chunk', 'execute', '{service_role}',
      'body of ops.confirm_archive_chunk(); it checks the caller'),
    ('archive', 'function', 'load_chunk', 'execute', '{service_role}',
      'body of ops.load_archive_chunk(); it checks the caller'),
    ('archive', 'function', 'fail_job', 'execute', '{service_role}',
      'body of ops.fail_archive_job(); it checks the caller'),

    ('audit', 'schema', 'audit', 'usage', '{service_role}',
      'to find what is below'),
    ('audit', 'table', 'security_events', 'select', '{service_role}',
      'ops.security_events runs as the caller'),
    ('audit', 'table', 'admin_actions', 'select', '{service_role}',
      'ops.admin_actions runs as the caller'),
    ('audit', 'function', 'log_failed_login', 'execute', '{service_role}',
      'body of the RPC of that name'),
    ('audit', 'function', 'log_login', 'execute', '{service_role}',
      'body of the RPC of that name'),
    ('audit', 'function', 'gaps', 'execute', '{service_role}',
      'the view ops.audit_gaps reads it'),
    ('audit', 'function', 'head', 'execute', '{service_role}',
      'ops.audit_head() hands over to it'),

    ('private', 'schema', 'private', 'usage',
      '{anon,authenticated,service_role,supabase_auth_admin}',
      'to find the helpers below'),
    ('private', 'function', 'fail', 'execute', '{anon,authenticated,service_role}',
      'functions that run as the caller refuse bad input by it'),
    ('private', 'function', 'has_role', 'execute', '{anon,authenticated,service_role}',
      'policies ask it'),
    ('private', 'function', 'has_any_role', 'execute', '{anon,authenticated,service_role}',
      'policies ask it'),
    ('private', 'function', 'grant_role', 'execute', '{authenticated,service_role}',
      'administrators hand on what they hold; it checks the caller'),
    ('private', 'function', 'revoke_role', 'execute', '{authenticated,service_role}',
      'administrators take what they hold; it checks the caller'),
    ('private', 'function', 'custom_access_token_hook', 'execute', '{supabase_auth_admin}',
      'Auth calls it when it makes a token'),
    ('private', 'function', 'partition_health', 'execute', '{service_role}',
      'the view ops.partition_health reads it'),
    ('private', 'function', 'connection_counts', 'execute', '{service_role}',
      'ops.connection_stats reads it; it tells counts only'),
    ('private', 'function', 'password_verification_hook', 'execute', '{supabase_auth_admin}',
      'Auth calls it after each password'),
    ('private', 'function', 'take_token', 'execute', '{service_role}',
      'body of the RPC of that name; it can only count'),
    ('private', 'table', 'user_roles', 'select', '{supabase_auth_admin}',
      'the hook runs as its caller'),

    ('directory_internal', 'schema', 'directory_internal', 'usage',
      '{anon,authenticated,service_role}',
      'to find the helpers below'),
    ('directory_internal', 'table', 'category_count_deltas', 'select',
      '{anon,authenticated,service_role}',
      'category_tree adds what is not folded yet'),
    ('directory_internal', 'table', 'documents', 'select', '{anon,authenticated,service_role}',
      'search_businesses runs as the caller; a document says what its listing says'),
    ('directory_internal', 'table', 'map_cells', 'select', '{anon,authenticated,service_role}',
      'businesses_in_view runs as the caller; a cell counts listings'),
    ('directory_internal', 'table', 'map_cell_deltas', 'select',
      '{anon,authenticated,service_role}',
      'businesses_in_view adds what is not folded yet'),
    ('directory_internal', 'table', 'vocabulary', 'select', '{anon,authenticated,service_role}',
      'search_businesses corrects words by it'),
    ('directory_internal', 'table', 'vocabulary_deletes', 'select',
      '{anon,authenticated,service_role}',
      'search_businesses corrects words by it'),
    ('directory_internal', 'function', 'setting', 'execute', '{anon,authenticated,service_role}',
      'the RPCs read their caps'),
    ('directory_internal', 'function', 'place', 'execute', '{anon,authenticated,service_role}',
      'the RPCs check the place that they are given'),
    ('directory_internal', 'function', 'check_range', 'execute',
      '{anon,authenticated,service_role}',
      'the RPCs check the numbers that they are given'),
    ('directory_internal', 'function', 'check_category', 'execute',
      '{anon,authenticated,service_role}',
      'search_businesses checks the category that it is given'),
    ('directory_internal', 'function', 'mercator', 'execute', '{anon,authenticated,service_role}',
      'find_nearby_businesses walks the index over it'),
    ('directory_internal', 'function', 'search_key', 'execute',
      '{anon,authenticated,service_role}',
      'search_businesses reads the query by it'),
    ('directory_internal', 'function', 'read_query', 'execute',
      '{anon,authenticated,service_role}',
      'search_businesses reads the query by it'),
    ('directory_internal', 'function', 'any_stem', 'execute', '{anon,authenticated,service_role}',
      'read_query calls it'),
    ('directory_internal', 'function', 'any_of', 'execute', '{anon,authenticated,service_role}',
      'search_businesses calls it'),
    ('directory_internal', 'function', 'correct_word', 'execute',
      '{anon,authenticated,service_role}',
      'read_query calls it'),
    ('directory_internal', 'function', 'typing_distance', 'execute',
      '{anon,authenticated,service_role}',
      'correct_word calls it'),
    ('directory_internal', 'function', 'pieces', 'execute', '{anon,authenticated,service_role}',
      'correct_word calls it'),
    ('directory_internal', 'function', 'read_list_request', 'execute',
      '{anon,authenticated,service_role}',
      'the lists read sort and filters by it'),
    ('directory_internal', 'function', 'listing_filter', 'execute',
      '{anon,authenticated,service_role}',
      'the lists put their condition together by it'),
    ('directory_internal', 'function', 'listing_item', 'execute',
      '{anon,authenticated,service_role}',
      'the lists show a business by it'),
    ('directory_internal', 'function', 'page_of_listings', 'execute',
      '{anon,authenticated,service_role}',
      'the lists read a page by it'),
    ('directory_internal', 'function', 'count_listings', 'execute',
      '{anon,authenticated,service_role}',
      'api_get_businesses counts by it'),
    ('directory_internal', 'function', 'make_cursor', 'execute',
      '{anon,authenticated,service_role}',
      'the lists by key end with it'),
    ('directory_internal', 'function', 'read_cursor', 'execute',
      '{anon,authenticated,service_role}',
      'the lists by key begin with it'),
    ('directory_internal', 'function', 'map_levels', 'execute',
      '{anon,authenticated,service_role}',
      'businesses_in_view chooses its grid by it'),
    ('directory_internal', 'function', 'map_cell', 'execute',
      '{anon,authenticated,service_role}',
      'businesses_in_view finds its cells by it'),
    ('directory_internal', 'function', 'map_view', 'execute',
      '{anon,authenticated,service_role}',
      'businesses_in_view checks its box by it'),
    ('directory_internal', 'function', 'on_map', 'execute',
      '{anon,authenticated,service_role}',
      'businesses_in_view takes off who is suspended by the clock'),
    ('directory_internal', 'function', 'serving', 'execute',
      '{anon,authenticated,service_role}',
      'body of businesses_serving; it tells of listings only'),
    ('directory_internal', 'function', 'served_box', 'execute',
      '{authenticated,service_role}',
      'the index over it is written as who writes the business'),
    ('directory_internal', 'function', 'read_area', 'execute',
      '{authenticated,service_role}',
      'save_service_area reads the area by it'),
    ('directory_internal', 'function', 'save_business', 'execute',
      '{authenticated}',
      'body of the RPC of that name; it acts for the caller only'),
    ('directory_internal', 'function', 'unsave_business', 'execute',
      '{authenticated}',
      'body of the RPC of that name; it acts for the caller only'),
    ('directory_internal', 'function', 'managed_business_ids', 'execute', '{authenticated}',
      'policies compare with the set; it answers for the caller only'),
    ('directory_internal', 'function', 'set_business_status', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'admin_get_business', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'admin_update_business', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'is_weekly_hours', 'execute',
      '{authenticated,service_role}', 'the check of the hours of a business runs as the writer'),
    ('directory_internal', 'function', 'is_special_hours', 'execute',
      '{authenticated,service_role}', 'the check of the hours of a business runs as the writer'),
    ('directory_internal', 'function', 'minute_of_day', 'execute',
      '{anon,authenticated,service_role}', 'is_open() and the checks of hours call it'),
    ('directory_internal', 'function', 'open_spans', 'execute',
      '{anon,authenticated,service_role}', 'is_open() and the checks of hours call it'),
    ('directory_internal', 'function', 'hours_of_day', 'execute',
      '{anon,authenticated,service_role}', 'is_open() and the checks of hours call it'),
    ('directory_internal', 'function', 'request_business_claim', 'execute', '{authenticated}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'offer_business_transfer', 'execute', '{authenticated}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'invite_business_manager', 'execute', '{authenticated}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'redeem_business_token', 'execute', '{authenticated}',
      'body of claim_business and accept_business_transfer; the token decides'),
    ('directory_internal', 'function', 'answer_business_invitation', 'execute', '{authenticated}',
      'body of accept_ and decline_business_invitation; the token decides'),
    ('directory_internal', 'function', 'cancel_business_transfer', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'revoke_business_invitation', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'remove_business_manager', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'renew_business_slug', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'has_feature', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'boost_business', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'submit_verification', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'issue_claim_token', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'open_business_claims', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'waiting_verifications', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'review_verification', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'dismiss_duplicate', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'merge_businesses', 'execute',
      '{authenticated,service_role}', 'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'business_invitations_of', 'execute',
      '{authenticated,service_role}', 'body of list_business_invitations; it checks the caller'),
    ('directory_internal', 'function', 'verifications_of', 'execute',
      '{authenticated,service_role}', 'body of list_verifications; it checks the caller'),
    ('directory_internal', 'function', 'track_events', 'execute',
      '{anon,authenticated,service_role}', 'body of track_view, track_click and track_share'),
    ('directory_internal', 'function', 'business_analytics', 'execute',
      '{authenticated,service_role}', 'body of api_get_business_analytics; it checks the caller'),
    ('directory_internal', 'function', 'moderate_review', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'claim_reviews', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'release_review', 'execute',
      '{authenticated,service_role}',
      'body of the RPC of that name; it checks the caller'),
    ('directory_internal', 'function', 'delete_review', 'execute', '{authenticated}',
      'body of the RPC of that name; it finds reviews of the caller only'),
    ('directory_internal', 'function', 'refresh_business_stats', 'execute', '{service_role}',
      'body of the RPC of that name')
) as listed (schema_name, kind, object, privilege, grantees, reason)
cross join lateral unnest(listed.grantees::text[]) as grantee;

create temporary view held as
select
  schema_name,
  kind,
  object,
  grantee,
  -- a right on some columns is none on the whole
  privilege || coalesce(' (' || array_to_string(columns, ', ') || ')', '') as privilege
from rights
where not is_exposed;

create temporary view offenders as
select format('%s %s.%s: %s to %s', kind, schema_name, object, privilege, grantee) as title
from (table held except table expected) as unlisted;

select is_empty(
  'select title from offenders',
  'nobody holds a right in an unexposed schema that is not in the list'
);

select is_empty(
  'table expected except table held',
  'every right of the list is held'
);

savepoint planted;
grant select on private.user_roles to authenticated;
create table directory_internal.planted (id int, note text);
grant update (note, id) on directory_internal.planted to service_role;
create function private.planted() returns int language sql as 'select 1';
grant execute on function private.planted() to public;
create sequence private.planted_numbers;
grant usage on sequence private.planted_numbers to anon;
grant create on schema private to authenticator;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function private.planted: execute to PUBLIC',
    'schema private.private: create to authenticator',
    'sequence private.planted_numbers: usage to anon',
    'table directory_internal.planted: update (id, note) to service_role',
    'table private.user_roles: select to authenticated'
  ],
  'a right on a table, some columns, a function, a sequence or a schema that is not listed is found'
);

select * from finish();
rollback;
