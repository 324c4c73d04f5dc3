-- path, level and children_count are derived: right after every insert, move and delete, whatever
-- the statement mixes.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(27);

insert into directory.categories (id, parent_id, slug, name) values
  -- a child before its parent, in one statement
  ('c7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000002', 'zqt-leaf',
    'Zqt Leaf'),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqt-left',
    'Zqt Left'),
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqt-top', 'Zqt Top'),
  ('c7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000001', 'zqt-right',
    'Zqt Right'),
  ('c7e57000-0000-4000-8000-000000000005', 'c7e57000-0000-4000-8000-000000000004', 'zqt-tip',
    'Zqt Tip');

create function pg_temp.shape(category_slug text)
returns text
language sql
as $$
  -- slugs from the top, then level and number of children
  select format(
    '%s %s %s',
    (
      select string_agg(above.slug, '/' order by step.place)
      from unnest(categories.path) with ordinality as step (id, place)
      join directory.categories as above on above.id = step.id
    ),
    categories.level,
    categories.children_count
  )
  from directory.categories
  where categories.slug = category_slug;
$$;

select is(pg_temp.shape('zqt-top'), 'zqt-top 0 2',
  'a category without a parent is its own path, at level 0, and counts its children');
select is(pg_temp.shape('zqt-left'), 'zqt-top/zqt-left 1 1',
  'a child has the path of its parent and itself, one level down');
select is(pg_temp.shape('zqt-right'), 'zqt-top/zqt-right 1 0',
  'a category without children counts none');
select is(pg_temp.shape('zqt-leaf'), 'zqt-top/zqt-left/zqt-leaf 2 1',
  'a child inserted in the same statement before its parent gets its whole path');
select is(pg_temp.shape('zqt-tip'), 'zqt-top/zqt-left/zqt-leaf/zqt-tip 3 0',
  'a grandchild inserted in the same statement gets its whole path');

select results_eq(
  $$
    insert into directory.categories (id, parent_id, slug, name)
    values ('c7e57000-0000-4000-8000-000000000006', 'c7e57000-0000-4000-8000-000000000003',
      'zqt-new', 'Zqt New')
    returning level, cardinality(path)
  $$,
  $$ values (2, 3) $$,
  'an insert returns the level and the path that it made'
);
select results_eq(
  $$
    insert into directory.categories
      (id, slug, name, level, path, children_count, business_count)
    values ('c7e57000-0000-4000-8000-000000000007', 'zqt-liar', 'Zqt Liar', 5,
      array[gen_random_uuid()], 9, 9)
    returning level, path, children_count, business_count
  $$,
  $$ values (0, array['c7e57000-0000-4000-8000-000000000007'::uuid], 0, 0) $$,
  'derived values that an insert brings along are replaced'
);

select results_eq(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
    where slug = 'zqt-leaf'
    returning level, path[2]
  $$,
  $$ values (2, 'c7e57000-0000-4000-8000-000000000003'::uuid) $$,
  'a move returns the new path'
);
select is(pg_temp.shape('zqt-leaf'), 'zqt-top/zqt-right/zqt-leaf 2 1',
  'a moved category stands below its new parent');
select is(pg_temp.shape('zqt-tip'), 'zqt-top/zqt-right/zqt-leaf/zqt-tip 3 0',
  'what lies below a moved category moves with it');
select is(pg_temp.shape('zqt-left'), 'zqt-top/zqt-left 1 0',
  'the old parent counts one child less');
select is(pg_temp.shape('zqt-right'), 'zqt-top/zqt-right 1 2',
  'the new parent counts one child more');

update directory.categories
set parent_id = case slug
  when 'zqt-leaf' then null
  when 'zqt-left' then 'c7e57000-0000-4000-8000-000000000005'::uuid
  when 'zqt-new' then 'c7e57000-0000-4000-8000-000000000002'::uuid
end
where slug in ('zqt-leaf', 'zqt-left', 'zqt-new');

select is(pg_temp.shape('zqt-leaf'), 'zqt-leaf 0 1',
  'several moves in one statement: a category moved to the top is at level 0');
select is(pg_temp.shape('zqt-left'), 'zqt-leaf/zqt-tip/zqt-left 2 1',
  'several moves in one statement: a category follows the parent that moves with it');
select is(pg_temp.shape('zqt-new'), 'zqt-leaf/zqt-tip/zqt-left/zqt-new 3 0',
  'several moves in one statement: the deepest row ends at its final place');
select is(pg_temp.shape('zqt-top'), 'zqt-top 0 1',
  'several moves in one statement: parents left behind are counted again');

-- zqt-tip above zqt-left becomes zqt-left above zqt-tip
update directory.categories
set parent_id = case slug
  when 'zqt-left' then 'c7e57000-0000-4000-8000-000000000004'::uuid
  when 'zqt-tip' then 'c7e57000-0000-4000-8000-000000000002'::uuid
end
where slug in ('zqt-left', 'zqt-tip');

select is(pg_temp.shape('zqt-left'), 'zqt-leaf/zqt-left 1 2',
  'a parent and its child can change places in one statement');
select is(pg_temp.shape('zqt-tip'), 'zqt-leaf/zqt-left/zqt-tip 2 0',
  'after changing places the former parent lies below');
select is(pg_temp.shape('zqt-new'), 'zqt-leaf/zqt-left/zqt-new 2 0',
  'what hung below one of the two keeps its parent');

delete from directory.categories where slug in ('zqt-tip', 'zqt-new');
select is(pg_temp.shape('zqt-left'), 'zqt-leaf/zqt-left 1 0',
  'a delete of several children is counted at their parent');
select throws_ok(
  $$ delete from directory.categories where slug = 'zqt-leaf' $$,
  '23503', null,
  'a category with children can not be deleted'
);
select lives_ok(
  $$ delete from directory.categories where slug in ('zqt-leaf', 'zqt-left') $$,
  'a whole branch can be deleted in one statement'
);
select throws_ok(
  $$
    insert into directory.categories (parent_id, slug, name)
    values ('c7e57000-0000-4000-8000-0000000000ff', 'zqt-orphan', 'Zqt Orphan')
  $$,
  '23503', null,
  'a parent must exist'
);

insert into directory.categories (id, parent_id, slug, name)
select
  ('c7e57000-0000-4000-8000-0000000001' || lpad(depth::text, 2, '0'))::uuid,
  case when depth > 0
    then ('c7e57000-0000-4000-8000-0000000001' || lpad((depth - 1)::text, 2, '0'))::uuid
  end,
  'zqt-deep-' || depth,
  'Zqt Deep ' || depth
from generate_series(0, 9) as depth;
select results_eq(
  $$ select level, cardinality(path) from directory.categories where slug = 'zqt-deep-9' $$,
  $$ values (9, 10) $$,
  'ten levels fit'
);
select throws_ok(
  $$
    insert into directory.categories (parent_id, slug, name)
    values ('c7e57000-0000-4000-8000-000000000109', 'zqt-deep-10', 'Zqt Deep 10')
  $$,
  '23514', null,
  'an eleventh level is refused'
);
select throws_ok(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
    where slug = 'zqt-deep-0'
  $$,
  '23514', null,
  'a move that would push the branch below it past the tenth level is refused'
);
select is(
  (
    select count(*)
    from directory.categories
    where slug like 'zqt-deep-%'
      and path[1] <> 'c7e57000-0000-4000-8000-000000000100'
  ),
  0::bigint,
  'a refused move leaves every path of the branch as it was'
);

select * from finish();
rollback;
