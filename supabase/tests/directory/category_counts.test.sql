-- A category counts the visible businesses in it and below it. The tree is exact at once, business_count
-- follows with the fold.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
-- the job that folds each minute must wait for this file
select pg_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) is null as held;
select plan(21);

insert into directory.categories (id, parent_id, slug, name) values
  ('c0000000-0000-4000-8000-000000000001', null, 'zqn-top', 'Zqn Top'),
  ('c0000000-0000-4000-8000-000000000002', 'c0000000-0000-4000-8000-000000000001', 'zqn-left',
    'Zqn Left'),
  ('c0000000-0000-4000-8000-000000000003', 'c0000000-0000-4000-8000-000000000001', 'zqn-right',
    'Zqn Right'),
  ('c0000000-0000-4000-8000-000000000004', 'c0000000-0000-4000-8000-000000000002', 'zqn-leaf',
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
    select categories.slug, count(businesses.id) as businesses
    from directory.categories
    left join directory.categories as below on categories.id = any (below.path)
    left join directory.businesses
      on businesses.primary_category_id = below.id and businesses.status = 'active'
      and (businesses.suspended_at is null or businesses.suspended_at > now()
        or businesses.suspended_until <= now())
    where categories.slug like 'zqn-%'
    group by categories.slug
  ) as truth;
$$;

insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b0000000-0000-4000-8000-000000000001', 'Zqn One', 'Zqnville', 'TX',
    'c0000000-0000-4000-8000-000000000004', 'active'),
  ('b0000000-0000-4000-8000-000000000002', 'Zqn Two', 'Zqnville', 'TX',
    'c0000000-0000-4000-8000-000000000004', 'active'),
  ('b0000000-0000-4000-8000-000000000003', 'Zqn Three', 'Zqnville', 'TX',
    'c0000000-0000-4000-8000-000000000003', 'active'),
  ('b0000000-0000-4000-8000-000000000004', 'Zqn Four', 'Zqnville', 'TX',
    'c0000000-0000-4000-8000-000000000003', 'draft');

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
where id = 'b0000000-0000-4000-8000-000000000004';
select is(pg_temp.shown(), 'leaf 2, left 2, right 2, top 4', 'a published business counts');

update directory.businesses set status = 'suspended'
where id = 'b0000000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 3', 'a suspended business does not count');

update directory.businesses set status = 'active', suspended_at = now() + interval '1 day'
where id = 'b0000000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 2, left 2, right 2, top 4',
  'a business whose suspension lies ahead still counts');

update directory.businesses set status = 'deleted'
where id = 'b0000000-0000-4000-8000-000000000002';
select is(pg_temp.shown(), 'leaf 1, left 1, right 2, top 3', 'a deleted business does not count');

update directory.businesses set primary_category_id = 'c0000000-0000-4000-8000-000000000003'
where id = 'b0000000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'leaf 0, left 0, right 3, top 3',
  'a business that changes its category counts in the new one');

update directory.businesses set name = name || ' Renamed'
where id = 'b0000000-0000-4000-8000-000000000003';
select is(pg_temp.shown(), 'leaf 0, left 0, right 3, top 3',
  'a change that moves nothing changes no count');

select isnt(pg_temp.stored(), pg_temp.shown(), 'changes are pending before the next check');
select is(pg_temp.shown(), pg_temp.counted(),
  'stored counts and pending changes together are the businesses themselves');

select cmp_ok(directory_internal.fold_category_counts(), '>', 0, 'the pending changes are folded');
select is(pg_temp.stored(), pg_temp.counted(), 'after the fold the stored counts are the truth');
select is(pg_temp.shown(), pg_temp.counted(), 'after the fold the tree still shows the truth');

delete from directory.businesses where id = 'b0000000-0000-4000-8000-000000000003';
select is(pg_temp.shown(), 'leaf 0, left 0, right 2, top 2',
  'a business that is removed for good does not count');

-- further categories are for finding, the primary one for counting
insert into directory.business_categories (business_id, category_id)
values ('b0000000-0000-4000-8000-000000000004', 'c0000000-0000-4000-8000-000000000004');
select is(pg_temp.shown(), 'leaf 0, left 0, right 2, top 2',
  'a further category does not count a business twice');

update directory.categories set business_count = 77 where slug like 'zqn-%';
select directory_internal.recount_category_businesses();
select is(pg_temp.shown(), pg_temp.counted(), 'a recount repairs counts that were wrong');
select directory_internal.fold_category_counts() is null as folded;
select is(pg_temp.stored(), pg_temp.counted(),
  'a recount with changes pending does not count them twice');

select * from finish();
rollback;
