-- A row without a partition lies in the default, and its partition waits until the default is
-- drained; the others do not.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(9);

create table ops.planted (at timestamptz not null) partition by range (at);
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 1, as_of => '2026-11-15 00:00+00'
) \g /dev/null
insert into ops.planted values ('2027-01-10 00:00+00');
select results_eq(
  'select tableoid::regclass::text from ops.planted',
  array['partitions.ops_planted_default'], 'a row that comes too early is taken in'
);
select results_eq(
  $$select * from ops.maintain_table('ops.planted', '2027-01-15 00:00+00')$$,
  $$
    values
      ('blocked', null, '2027-01-01 00:00:00+00 to 2027-02-01 00:00:00+00: '
        'the default holds rows of it'),
      ('create', 'partitions.ops_planted_y2027m02',
        '2027-02-01 00:00:00+00 to 2027-03-01 00:00:00+00')
  $$,
  'maintenance says which partition it can not make, and makes the next one'
);
select results_eq(
  $$
    select value, ops.default_has_rows('ops.planted', value || '+00', null)
    from unnest('{2027-01-10 00:00, 2027-01-10 00:01}'::text[]) as value
  $$,
  $$values ('2027-01-10 00:00', true), ('2027-01-10 00:01', false)$$,
  'whether the default holds rows is asked from one bound'
);
select is(
  ops.default_has_rows('ops.planted', null, '2027-01-10 00:00+00'), false, 'and up to another'
);
select is(
  (select default_has_rows from ops.partition_health where parent = 'ops.planted'::regclass), true,
  'the health of the table tells that its default holds rows'
);
select throws_ok(
  $$
    select ops.attach_partition('ops.planted',
      ops.build_partition('ops.planted', '2027-01-01 00:00+00', '2027-02-01 00:00+00'),
      '2027-01-01 00:00+00', '2027-02-01 00:00+00')
  $$,
  '23514', null, 'attached all the same it would be refused: no row is ever hidden'
);

delete from ops.planted where true;
select ops.set_setting('ops.partition_default_bytes', '0') \g /dev/null
select results_eq(
  $$select * from ops.maintain_table('ops.planted', '2027-01-15 00:00+00')$$,
  $$
    values ('blocked', null::text, '2027-01-01 00:00:00+00 to 2027-02-01 00:00:00+00: '
      'the default is too large to be read under a lock')
  $$,
  'a large default is not read under a lock, rows or none'
);
update ops.settings set value = default_value where key = 'ops.partition_default_bytes';
select results_eq(
  $$select action, child from ops.maintain_table('ops.planted', '2027-01-15 00:00+00')$$,
  $$values ('create', 'partitions.ops_planted_y2027m01')$$,
  'once it is empty and small the partition is made'
);
drop table partitions.ops_planted_default;
select results_eq(
  $$select action, child from ops.maintain_table('ops.planted', '2027-01-15 00:00+00')$$,
  $$values ('create', 'partitions.ops_planted_default')$$,
  'a default that is missing is made'
);

select * from finish();
rollback;
