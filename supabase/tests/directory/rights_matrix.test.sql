-- Every role × every table of the directory × every verb, carried out on planted rows and held
-- against a table that is written by hand (rights_matrix.psql), where no table may be missing.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir rights_matrix.psql

select plan((select count(*)::int + 4 from expected));

create temporary table people (place int primary key, role text not null, user_id uuid);
insert into people
select place, 'authenticated', format('a7a50000-0000-4000-8000-00000000000%s', place)::uuid
from generate_series(1, 9) as place
union all values (0, 'anon', null::uuid), (10, 'service_role', null);

-- The rows that a statement reaches, "-" when it is refused, and the error for any other; undone.
create function pg_temp.reach(person people, statement text)
returns text
language plpgsql
as $$
declare
  reached bigint;
begin
  perform set_config('request.jwt.claims',
    case
      when person.user_id is null then '{}'
      else jsonb_build_object('sub', person.user_id, 'role', person.role)::text
    end, true);
  execute format('set local role %I', person.role);
  execute statement;
  get diagnostics reached = row_count;
  raise exception using errcode = 'MX000';
exception
  when sqlstate 'MX000' then
    return reached::text;
  when insufficient_privilege then
    return '-';
  when others then
    return format('[%s %s]', sqlstate, sqlerrm);
end;
$$;

create function pg_temp.outcome(relation text, verb text)
returns text
language sql
as $$
  select string_agg(
    pg_temp.reach(
      people,
      case outcome.verb
        when 'select' then format('select 1 from %s where %s', planted.relation, planted.are)
        when 'insert' then format('insert into %s %s', planted.relation, planted.inserted)
        when 'update' then format(
          'update %s set %I = %2$I where %s', planted.relation, planted.touched, planted.are
        )
        when 'delete' then format('delete from %s where %s', planted.relation, planted.are)
      end
    ),
    ' ' order by people.place
  )
  from pg_temp.planted
  cross join pg_temp.people
  where planted.relation = outcome.relation;
$$;

create temporary view missing as
select pg_class.oid::regclass::text as relation, verb
from pg_catalog.pg_class
cross join unnest(array['select', 'insert', 'update', 'delete']) as verb
where pg_class.relnamespace in ('directory'::regnamespace, 'directory_internal'::regnamespace)
  and pg_class.relkind in ('r', 'p')
  and not exists (
    select 1
    from expected
    join planted using (relation)
    where expected.relation = pg_class.oid::regclass::text and expected.verb = verb.verb
  );

select is_empty('select * from missing', 'every table stands in the matrix with every verb');
select is_empty(
  $$select relation from expected where to_regclass(relation) is null$$,
  'and nothing else does'
);

select is(pg_temp.outcome(relation, verb), outcome, verb || ' on ' || relation)
from expected
order by relation, verb;

-- the guard itself: a table that nobody listed, and a door that somebody left open
create table directory.planted_by_test (id int);
create policy planted_policy on directory.business_stats for update to authenticated using (true);
grant update (view_count) on directory.business_stats to authenticated;
select is(
  (select count(*) from missing where relation = 'directory.planted_by_test'), 4::bigint,
  'a table that is not in the matrix is found'
);
select is(
  pg_temp.outcome('directory.business_stats', 'update'), '- 2 2 3 3 3 4 2 4 2 -',
  'a right that was given by mistake is found'
);

select * from finish();
rollback;
