-- The changes of one row, oldest first.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(6);

create table planted.pairs (part text, id int, note text, primary key (id, part));
select audit.enable('planted.notes'), audit.enable('planted.pairs') \g /dev/null
insert into planted.notes values (1, 'one'), (2, 'two');
update planted.notes set body = 'changed' where true;
delete from planted.notes where id = 1;
insert into planted.pairs values ('a', 1, 'x');
update planted.pairs set note = 'y' where true;

select results_eq(
  $$select operation, new_values ->> 'body' from audit.history('planted.notes', '{"id": 1}')$$,
  $$values ('INSERT', 'one'), ('UPDATE', 'changed'), ('DELETE', null)$$,
  'all changes of the row come in order, and no other row''s'
);
select is(
  array(
    select new_values ->> 'note' from audit.history('planted.pairs', '{"part": "a", "id": "1"}')
  ),
  array['x', 'y'],
  'a key of several columns is an object; a number may be written as text'
);
select is_empty(
  $$select * from audit.history('planted.notes', '{"id": 3}')$$, 'an unknown row has no history'
);
select throws_ok(
  $$select * from audit.history('planted.pairs', '{"id": 1}')$$, 'PL064', null,
  'a key with a column missing is refused'
);
select throws_ok(
  $$select * from audit.history('audit.targets', '{"id": 1}')$$, 'PL063', null,
  'a table that was never audited is refused'
);

create function planted.plan_of(statement text)
returns setof text
language plpgsql
as $$
begin
  return query execute 'explain ' || statement;
end;
$$;
set local enable_seqscan = off;
select ok(
  bool_or(line like '%Index Cond%hashtextextended%'),
  'the history of a row is read by index'
)
from planted.plan_of($$
  select * from audit.audit_logs
  where hashtextextended(row_key, target_id) = hashtextextended('1', 1)
    and target_id = 1 and row_key = '1'
$$) as line;

select * from finish();
rollback;
