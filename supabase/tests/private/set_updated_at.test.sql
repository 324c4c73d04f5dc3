-- The trigger function that keeps updated_at.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(4);

create table private.planted (
  id int primary key,
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger planted_set_updated_at before update on private.planted
for each row execute function private.set_updated_at();
insert into private.planted (id, note, created_at, updated_at)
select id, 'a', '2020-01-01', '2020-01-01' from generate_series(1, 2) as id;

update private.planted set note = 'b' where id = 1;
select is(
  (select updated_at from private.planted where id = 1), now(),
  'an update sets updated_at to the start of the transaction'
);
select is(
  (select created_at from private.planted where id = 1), '2020-01-01'::timestamptz,
  'an update leaves created_at as it was'
);
select is(
  (select updated_at from private.planted where id = 2), '2020-01-01'::timestamptz,
  'a row that is not updated keeps its time'
);
update private.planted set updated_at = '2030-01-01' where id = 2;
select is(
  (select updated_at from private.planted where id = 2), now(),
  'a time that the writer sends is replaced'
);

select * from finish();
rollback;
