-- The registered invariants of the directory hold, and each of them finds the drift that it is there
-- for. Drift is planted with triggers off, as nothing else can make it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(31);

create function pg_temp.violations(name text)
returns bigint
language sql
as $$ select violations from ops.run_data_quality_check('directory.' || name) $$;

select bag_eq(
  $$select name from ops.invariants where name like 'directory.%'$$,
  $$
    values
      ('directory.category_counts'), ('directory.category_tree'),
      ('directory.documents_of_every_listing'), ('directory.figures_of_every_business'),
      ('directory.former_slugs_are_free'), ('directory.listings_are_visible'),
      ('directory.owners_are_no_managers'), ('directory.review_figures'),
      ('directory.view_counts'), ('directory.waiting_verifications_are_pending'),
      ('directory.map_counts'), ('directory.save_counts'),
      ('directory.review_flag_counts'), ('directory.review_vote_counts'),
      ('directory.reviews_are_queued')
  $$,
  'these are the invariants'
);

insert into directory.categories (id, slug, name)
values ('00000000-0000-4000-8000-0000000014a1', 'held', 'Held');
insert into directory.businesses (id, name, city, state, primary_category_id, status)
select
  format('00000000-0000-4000-8000-0000000014b%s', number)::uuid, 'Held House ' || number, 'Austin',
  'TX', '00000000-0000-4000-8000-0000000014a1', 'active'
from generate_series(1, 6) as number;
insert into auth.users (id) values ('00000000-0000-4000-8000-0000000014c1');
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content, status)
select
  format('00000000-0000-4000-8000-0000000014d%s', number)::uuid,
  format('00000000-0000-4000-8000-0000000014b%s', number)::uuid,
  '00000000-0000-4000-8000-0000000014c1', 4, 'Held', status
from unnest(array['published', 'pending', 'pending', 'published']) with ordinality
  as review (status, number);

select is(pg_temp.violations(invariant), 0::bigint, invariant || ' holds')
from unnest(array[
  'category_counts', 'category_tree', 'documents_of_every_listing', 'figures_of_every_business',
  'former_slugs_are_free', 'listings_are_visible', 'owners_are_no_managers', 'review_figures',
  'view_counts', 'waiting_verifications_are_pending', 'map_counts', 'save_counts',
  'review_flag_counts', 'review_vote_counts', 'reviews_are_queued'
]) as invariant;

set local session_replication_role = replica;
update directory.business_stats
set review_count = 1, rating_total = 5, rating_counts = '{0,0,0,0,1}'
where business_id = '00000000-0000-4000-8000-0000000014b1';
delete from directory.business_stats where business_id = '00000000-0000-4000-8000-0000000014b2';
update directory.categories set business_count = business_count + 1, level = 3
where id = '00000000-0000-4000-8000-0000000014a1';
delete from directory_internal.documents
where business_id = '00000000-0000-4000-8000-0000000014b3';
update directory.businesses set status = 'draft'
where id = '00000000-0000-4000-8000-0000000014b4';
-- by the clock alone: no drift, the job writes it down within a minute
update directory.businesses set suspended_at = now() - interval '1 second'
where id = '00000000-0000-4000-8000-0000000014b5';
insert into directory_internal.map_cells (level, x, y, business_count, x_total, y_total)
values (3, 0, 7, 1, 0, 0);
update directory.business_stats set save_count = 1
where business_id = '00000000-0000-4000-8000-0000000014b3';
update directory.business_stats set view_count = 1
where business_id = '00000000-0000-4000-8000-0000000014b6';
insert into directory.business_slug_history (slug, business_id)
select businesses.slug, '00000000-0000-4000-8000-0000000014b1'
from directory.businesses
where businesses.id = '00000000-0000-4000-8000-0000000014b2';
insert into directory.business_managers (business_id, user_id)
values ('00000000-0000-4000-8000-0000000014b1', '00000000-0000-4000-8000-0000000014c1');
insert into directory_internal.business_verifications (business_id)
values ('00000000-0000-4000-8000-0000000014b1');
update directory.businesses
set owner_id = '00000000-0000-4000-8000-0000000014c1', verification_status = 'verified'
where id = '00000000-0000-4000-8000-0000000014b1';
insert into directory.review_vote_counts (review_id, helpful_count)
values ('00000000-0000-4000-8000-0000000014d1', 1);
insert into directory_internal.business_review_moderation (review_id, flagged_count)
values ('00000000-0000-4000-8000-0000000014d1', 1);
-- one that waits unseen, and one that is gone and still waits; a published one may
delete from directory_internal.review_queue
where review_id = '00000000-0000-4000-8000-0000000014d2';
update directory.business_reviews set deleted_at = now()
where id = '00000000-0000-4000-8000-0000000014d3';
insert into directory_internal.review_queue (review_id)
values ('00000000-0000-4000-8000-0000000014d4');
set local session_replication_role = origin;

select is(pg_temp.violations('review_figures'), 1::bigint, 'a wrong count of reviews is found');
select is(pg_temp.violations('review_vote_counts'), 1::bigint, 'a vote that nobody gave is found');
select is(pg_temp.violations('review_flag_counts'), 1::bigint, 'a flag that nobody raised is found');
select is(pg_temp.violations('reviews_are_queued'), 2::bigint,
  'a review that nobody will see is found, and one that is gone');
select is(pg_temp.violations('view_counts'), 1::bigint, 'a view without its day is found');
select is(pg_temp.violations('map_counts'), 1::bigint, 'a wrong count on the map is found');
select is(pg_temp.violations('save_counts'), 1::bigint, 'a save of nobody is found');
select is(pg_temp.violations('figures_of_every_business'), 1::bigint,
  'a business without figures is found');
select is(pg_temp.violations('category_counts'), 1::bigint, 'a wrong count of businesses is found');
select is(pg_temp.violations('category_tree'), 1::bigint, 'a wrong level is found');
select is(pg_temp.violations('documents_of_every_listing'), 1::bigint,
  'a listing without a document is found');
select is(pg_temp.violations('listings_are_visible'), 1::bigint,
  'a listing of a draft is found, a suspension that has just begun is not');

select is(pg_temp.violations('former_slugs_are_free'), 1::bigint,
  'an address that leads to two businesses is found');
select is(pg_temp.violations('owners_are_no_managers'), 1::bigint,
  'an owner who is a manager as well is found');
select is(pg_temp.violations('waiting_verifications_are_pending'), 1::bigint,
  'a verification that waits after the decision is found');

select * from finish();
rollback;
