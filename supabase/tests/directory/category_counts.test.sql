-- A category counts the visible businesses in it and below it. The tree is exact at once,
-- business_count follows with the fold.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
-- the job that folds each minute must wait for this file
select pg_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) is null as held;
select plan(26);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqn-top', 'Zqn Top'),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqn-left',
    'Zqn Left'),
  ('c7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000001', 'zqn-right',
    'Zqn Right'),
  ('c7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000002', 'zqn-leaf',
    'Zqn Leaf');

create function pg_temp.shown()
returns text
language sql
as $$
  select string_agg(
    format('%s %s', substr(category_tree.slug, 5), category_tree.business_count), ', '
    order by category_tree.slug
  )
  from directory.category_tree
  where category_tree.slug like 'zqn-%';
$$;

create function pg_temp.stored()
returns text
language sql
as $$
  select string_agg(
    format('%s %s', substr(categories.slug, 5), categories.business_count), ', '
    order by categories.slug
  )
  from directory.categories
  where categories.slug like 'zqn-%';
$$;

create function pg_temp.counted()
returns text
language sql
as $$
  select string_agg(format('%s %s', substr(slug, 5), businesses), ', ' order by slug)
  from (
    select categories.slug, count(distinct businesses.id) as businesses
    from directory.categories
    left join directory.categories as below on categories.id = any (below.path)
    left join directory.businesses
      on (
        businesses.primary_category_id = below.id
        or exists (
          select 1
          from directory.business_categories
          where business_categories.business_id = businesses.id
            and business_categories.category_id = below.id
        )
      )
      and businesses.status = 'active'
      and (businesses.suspended_at is null or businesses.suspended_at > now()
        or businesses.suspended_until <= now())
    where categories.slug like 'zqn-%'
    group by categories.slug
  ) as truth;
$$;

insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zqn One', 'Zqnville', 'TX',
    'c7e57000-0000-4000-8000-000000000004', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zqn Two', 'Zqnville', 'TX',
    'c7e57000-0000-4000-8000-000000000004', 'active'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zqn Three', 'Zqnville', 'TX',
    'c7e57000-0000-4000-8000-000000000003', 'active'),
  ('b7e57000-0000-4000-8000-000000000004', 'Zqn Four', 'Zqnville', 'TX',
    'c7e57000-0000-4000-8000-000000000003', 'draft');

select is(pg_temp.shown(), 'leaf 2, left 2, right 1, top 3',
  'the tree counts new active businesses at once, drafts not at all');
select is(pg_temp.stored(), 'leaf 0, left 0, right 0, top 0',
  'the stored counts wait for the fold');
select cmp_ok(directory_internal.fold_category_counts(), '>=', 2,
  'the fold says how many changes it took');
select is(pg_temp.stored(), 'leaf 2, left 2, right 1, top 3',
  'the fold adds the changes to the category and to all above it');
select is(pg_temp.shown(), 'leaf 2, left 2, right 1, top 3',
  'a fold does not change what the tree shows');
select is(directory_internal.fold_category_counts(), 0, 'a second fold has nothing to add');

update directory.businesses set status = 'active'
where id = 'b7e57000-0000-4000-8000-000000000004';
select is(pg_temp.shown(), 'leaf 2, left 2, right 2, top 4', 'a published business counts');

update directory.businesses set status = 'suspended'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 3', 'a suspended business does not count');

update directory.businesses set status = 'active', suspended_at = now() + interval '1 day'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 2, left 2, right 2, top 4',
  'a business whose suspension lies ahead still counts');

update directory.businesses set status = 'deleted'
where id = 'b7e57000-0000-4000-8000-000000000002';
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 3', 'a deleted business does not count');

update directory.businesses set primary_category_id = 'c7e57000-0000-4000-8000-000000000003'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 0, left 0, right 3, top 3',
  'a business that changes its category counts in the new one');

update directory.businesses set name = name || ' Renamed'
where id = 'b7e57000-0000-4000-8000-000000000003';
select is(pg_temp.shown(), 'leaf 0, left 0, right 3, top 3',
  'a change that moves nothing changes no count');

select isnt(pg_temp.stored(), pg_temp.shown(), 'changes are pending before the next check');
select is(pg_temp.shown(), pg_temp.counted(),
  'stored counts and pending changes together are the businesses themselves');

select cmp_ok(directory_internal.fold_category_counts(), '>', 0, 'the pending changes are folded');
select is(pg_temp.stored(), pg_temp.counted(), 'after the fold the stored counts are the truth');
select is(pg_temp.shown(), pg_temp.counted(), 'after the fold the tree still shows the truth');

delete from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000003';
select is(pg_temp.shown(), 'leaf 0, left 0, right 2, top 2',
  'a business that is removed for good does not count');

insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000004');
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 2',
  'a business counts in its further categories too, and once above both');
select is(pg_temp.shown(), pg_temp.counted(), 'with a further category the tree shows the truth');
insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000003');
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 2',
  'a further category that is the primary one as well counts a business once');
delete from directory.business_categories
where business_id = 'b7e57000-0000-4000-8000-000000000004';
select is(pg_temp.shown(), 'leaf 0, left 0, right 2, top 2',
  'a further category that is taken away stops counting the business');
select is(directory_internal.recount_category_businesses(), 0,
  'a recount finds nothing wrong when every change went through the triggers');

update directory.categories set business_count = 77 where slug like 'zqn-%';
select cmp_ok(directory_internal.recount_category_businesses(), '>=', 4,
  'a recount says how many counts were wrong');
select is(pg_temp.shown(), pg_temp.counted(), 'a recount repairs counts that were wrong');
select directory_internal.fold_category_counts() is null as folded;
select is(pg_temp.stored(), pg_temp.counted(),
  'a recount with changes pending does not count them twice');

select * from finish();
rollback;
