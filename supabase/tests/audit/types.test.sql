-- Columns of every type and name are compared and logged; those without an = byte by byte.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(9);

create domain planted.grade as int check (value > 0);
create table planted.odd (
  id int primary key,
  n int,
  o int,
  logged_at int,
  moment int,
  capture int,
  "both" int,
  pair int,
  "Sa""id, o.x %s" text,
  document json,
  markup xml,
  spot point,
  grade planted.grade,
  tags text[],
  place extensions.geography,
  price numeric,
  flag bit(3),
  dropped int,
  doubled int generated always as (n * 2) stored
);
alter table planted.odd drop column dropped;
select audit.enable('planted.odd') \g /dev/null

-- one row is logged by a statement of its own, several by another: both are held to the same
insert into planted.odd
select
  id, 1, 1, 1, 1, 1, 1, 1, 'x', '{"a": 1}', '<a/>', '(1,2)', 1, '{a}',
  'point(1 2)'::extensions.geography, 1.0, '101'
from generate_series(1, 3) as id;
update planted.odd set id = id where true;
update planted.odd set id = id where id = 1;
select is(
  array(select operation from pg_temp.logged('planted.odd')), array['INSERT', 'INSERT', 'INSERT'],
  'values that stay are no change, whatever their type'
);

prepare change as
update planted.odd
set
  n = 2, o = 2, logged_at = 2, moment = 2, capture = 2, "both" = 2, pair = 2,
  "Sa""id, o.x %s" = 'y', document = '{"a": 2}', markup = '<b/>', spot = '(1,3)',
  grade = 2, tags = '{a,b}',
  place = 'point(1 3)'::extensions.geography, price = 1.00, flag = '111'
where id between $1 and $2;
execute change(1, 1);
execute change(2, 3);
create temporary view changes as
select
  row_key,
  array(select field from unnest(changed_fields) as field order by field collate "C") as fields,
  old_values,
  new_values
from pg_temp.logged('planted.odd')
where operation = 'UPDATE';
select is(
  (select fields from changes where row_key = '1'),
  array[
    'Sa"id, o.x %s', 'both', 'capture', 'document', 'doubled', 'flag', 'grade', 'logged_at',
    'markup', 'moment', 'n', 'o', 'pair', 'place', 'price', 'spot', 'tags'
  ],
  'a change is seen in each type, also of scale only, and under each name'
);
select is(
  (select (old_values ->> 'doubled') || ' ' || (new_values ->> 'doubled')
    from changes where row_key = '1'),
  '2 4', 'a generated column is logged with what it came to'
);
select is(
  (select count(*)::int from (select distinct fields, old_values::text, new_values::text
    from changes) as kinds),
  1, 'one row and several are logged alike'
);
select is((select count(*)::int from changes), 3, 'and each row of several');
delete from planted.odd where true;
select is(
  (select count(*)::int from pg_temp.logged('planted.odd') where operation = 'DELETE'), 3,
  'a row with such columns is logged when it goes'
);

create table planted.floats (id int primary key, x float8);
select audit.enable('planted.floats') \g /dev/null
insert into planted.floats values (1, 100.1);
set local extra_float_digits = -15;
update planted.floats set x = 104.9 where id = 1;
set local extra_float_digits = 1;
select results_eq(
  $$select old_values, new_values from pg_temp.logged('planted.floats') offset 1$$,
  $$values ('{"x": 100.1}'::jsonb, '{"x": 104.9}'::jsonb)$$,
  'a session that prints floats shortly hides no change of one'
);

select format(
  'create table planted.wide (id int primary key, %s)',
  string_agg(format('c%s int default 0', i), ', ')
)
from generate_series(1, 200) as i \gexec
select audit.enable('planted.wide') \g /dev/null
insert into planted.wide (id) select i from generate_series(1, 3) as i;
update planted.wide set c150 = id where true;
select is(
  (select count(*)::int from pg_temp.logged('planted.wide')
    where operation = 'UPDATE' and changed_fields = '{c150}'),
  3, 'a table of two hundred columns is audited'
);

select format('%s_of_a_name', repeat('t', 50)) as long_name \gset
create table planted.:long_name (id int primary key);
select audit.enable(format('planted.%I', :'long_name')::regclass) \g /dev/null
insert into planted.:long_name values (1);
update planted.:long_name set id = 2 where true;
select is(
  (select count(*)::int from pg_temp.logged(format('planted.%I', :'long_name')::regclass)), 3,
  'a table whose name leaves no room for a suffix is audited'
);

select * from finish();
rollback;
