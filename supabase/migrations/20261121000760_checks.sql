-- Rules that the data must keep and that no constraint can hold: sums that must agree, copies that
-- must follow, keys that lost their row. A domain registers a query that finds what breaks the
-- rule; all of them run each night, one to a transaction, and every result is kept.

create table ops.data_quality_checks (
  name text primary key,
  kind text not null,
  query text not null,
  tolerance bigint not null default 0,
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint data_quality_checks_name_check
    check (name ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$'),
  constraint data_quality_checks_kind_check
    check (kind in ('invariant', 'constraint', 'orphan', 'drift')),
  constraint data_quality_checks_tolerance_check
    check (tolerance >= 0 and (kind <> 'invariant' or tolerance = 0))
);

create table ops.data_quality_results (
  id bigint primary key generated always as identity,
  check_name text not null
    constraint data_quality_results_check_name_fkey
    references ops.data_quality_checks (name) on delete cascade,
  status text not null,
  violations bigint,
  sample jsonb not null default '[]',
  error text,
  checked_at timestamptz not null default clock_timestamp(),
  duration_ms numeric not null,
  constraint data_quality_results_status_check check (status in ('passed', 'failed', 'error')),
  constraint data_quality_results_error_check check ((status = 'error') = (error is not null))
);

create index data_quality_results_check_name_checked_at_idx
  on ops.data_quality_results (check_name, checked_at desc);
create index data_quality_results_checked_at_idx on ops.data_quality_results (checked_at);

comment on table ops.data_quality_checks is
  'Registered checks: each a query that returns the rows which break a rule.';
comment on column ops.data_quality_checks.name is 'Owner and name, as in ops.orphans.';
comment on column ops.data_quality_checks.kind is
  'invariant: holds at any moment, for any reader. constraint, orphan, drift: what a nightly look '
  'may find, and how much of it is borne.';
comment on column ops.data_quality_checks.query is
  'A select without a final semicolon; each row that it returns is a violation.';
comment on column ops.data_quality_checks.tolerance is
  'How many violations still pass; 0 for an invariant.';
comment on table ops.data_quality_results is
  'One row a run of a check, kept for ops.data_quality_retention_days days.';
comment on column ops.data_quality_results.violations is
  'How many rows broke the rule; null when the query failed.';
comment on column ops.data_quality_results.sample is
  'The first of them, at most ops.data_quality_sample_rows.';
comment on column ops.data_quality_results.error is 'What the query failed with, else null.';
comment on column ops.data_quality_results.duration_ms is 'Milliseconds that the query took.';

select private.define_error('PL050', 400, 'The query of check %s is not one: %s.',
  'Give one select, without a semicolon, that returns a row for each violation.');
select private.define_error('PL051', 400, 'There is no check %s.',
  'Read ops.data_quality_checks for the names.');

create function ops.define_data_quality_check(
  name text,
  kind text,
  query text,
  description text,
  tolerance bigint default 0
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  -- planned, not run: a typing error shows in the migration and not at night
  begin
    execute format('explain select from (%s) as violation', define_data_quality_check.query);
  exception
    when syntax_error_or_access_rule_violation then
      perform private.fail('PL050', define_data_quality_check.name, sqlerrm);
  end;

  insert into ops.data_quality_checks (name, kind, query, description, tolerance)
  values (
    define_data_quality_check.name, define_data_quality_check.kind,
    define_data_quality_check.query, define_data_quality_check.description,
    define_data_quality_check.tolerance
  )
  on conflict on constraint data_quality_checks_pkey do update
  set
    kind = excluded.kind,
    query = excluded.query,
    description = excluded.description,
    tolerance = excluded.tolerance;
end;
$$;

comment on function ops.define_data_quality_check(text, text, text, text, bigint) is
  'Registers a check, or replaces it. Parameters: name, kind (constraint, orphan or drift), the '
  'query that returns the violations, what it means, how many still pass. Raises PL050 when the '
  'query can not be planned, 23514 for a name or kind that is none.';

create function ops.define_invariant(name text, query text, description text)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select ops.define_data_quality_check(
    define_invariant.name, 'invariant', define_invariant.query, define_invariant.description
  );
$$;

comment on function ops.define_invariant(text, text, text) is
  'Registers a rule that holds at any moment. Parameters: name, the query that returns what breaks '
  'it, what it means. Raises PL050 when the query can not be planned.';

create function ops.run_data_quality_check(name text)
returns ops.data_quality_results
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  chosen ops.data_quality_checks;
  result ops.data_quality_results;
  began timestamptz := clock_timestamp();
  sample_rows int := ops.setting('ops.data_quality_sample_rows')::int;
begin
  select checks.* into chosen
  from ops.data_quality_checks as checks
  where checks.name = run_data_quality_check.name;
  if chosen.name is null then
    perform private.fail('PL051', run_data_quality_check.name);
  end if;

  begin
    execute format(
      $query$
        select count(*), coalesce(jsonb_agg(violation) filter (where number <= $1), '[]')
        from (
          select to_jsonb(violation) as violation, row_number() over () as number
          from (%s) as violation
        ) as numbered
      $query$,
      chosen.query
    )
    into result.violations, result.sample
    using sample_rows;
    result.status := case when result.violations > chosen.tolerance then 'failed' else 'passed' end;
  exception
    -- A check that can not run has not passed; what stopped it is its result, also when that was
    -- the watchdog: the checks after it must have their turn.
    when query_canceled or others then
      result.status := 'error';
      result.error := format('%s: %s', sqlstate, sqlerrm);
      result.sample := '[]';
  end;

  insert into ops.data_quality_results (check_name, status, violations, sample, error, duration_ms)
  values (
    chosen.name, result.status, result.violations, result.sample, result.error,
    1000 * extract(epoch from clock_timestamp() - began)
  )
  returning * into result;

  if result.status <> 'passed' then
    perform ops.log(
      'error', 'data-quality', format('check %s %s', chosen.name, result.status),
      jsonb_build_object(
        'violations', result.violations, 'sample', result.sample, 'error', result.error
      )
    );
  end if;
  return result;
end;
$$;

comment on function ops.run_data_quality_check(text) is
  'Runs a check now, keeps its result and returns it; a failure is also logged. An error of the '
  'query is a result, not an error of the call. Raises PL051 when there is no such check.';

create function ops.run_due_data_quality_check()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  due text;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('ops.data_quality', 0)) then
    return false;
  end if;

  select checks.name into due
  from ops.data_quality_checks as checks
  where not exists (
    select 1
    from ops.data_quality_results as results
    where results.check_name = checks.name
      and results.checked_at >= date_trunc('day', now(), 'UTC')
  )
  order by checks.name
  limit 1;

  if due is not null then
    perform ops.run_data_quality_check(due);
    return true;
  end if;

  delete from ops.data_quality_results
  where checked_at < now() - make_interval(
    days => ops.setting('ops.data_quality_retention_days')::int
  );
  return false;
end;
$$;

comment on function ops.run_due_data_quality_check() is
  'Topic of the executor: runs one check that has not run since midnight UTC and returns true; '
  'when none is left, removes results past their retention and returns false.';

create view ops.invariants with (security_invoker = true) as
select
  checks.name,
  checks.description,
  checks.query,
  results.status = 'passed' as holds,
  results.violations,
  results.sample,
  results.error,
  results.checked_at
from ops.data_quality_checks as checks
left join lateral (
  select *
  from ops.data_quality_results
  where data_quality_results.check_name = checks.name
  order by data_quality_results.checked_at desc
  limit 1
) as results on true
where checks.kind = 'invariant';

comment on view ops.invariants is
  'The registered invariants with their last result; holds is null before the first run.';

-- Foreign keys are triggers, and session_replication_role switches triggers off. This looks.
create function ops.orphans()
returns table (child regclass, constraint_name text, parent regclass, orphans bigint)
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  foreign_key record;
begin
  for foreign_key in
    select
      pg_constraint.conrelid::regclass as child,
      pg_constraint.conname::text as name,
      pg_constraint.confrelid::regclass as parent,
      string_agg(
        -- the operator of the key: that of citext or ltree is not in an empty search_path
        format(
          'parent.%I operator(%s.%s) child.%I',
          parent_column.attname, pg_operator.oprnamespace::regnamespace, pg_operator.oprname,
          child_column.attname
        ),
        ' and '
      ) as joined,
      string_agg(format('child.%I is not null', child_column.attname), ' and ') as complete
    from pg_catalog.pg_constraint
    join pg_catalog.pg_class on pg_class.oid = pg_constraint.conrelid
    cross join lateral
      unnest(pg_constraint.conkey, pg_constraint.confkey, pg_constraint.conpfeqop)
      as pair (child, parent, equality)
    join pg_catalog.pg_operator on pg_operator.oid = pair.equality
    join pg_catalog.pg_attribute as child_column
      on child_column.attrelid = pg_constraint.conrelid and child_column.attnum = pair.child
    join pg_catalog.pg_attribute as parent_column
      on parent_column.attrelid = pg_constraint.confrelid and parent_column.attnum = pair.parent
    where pg_constraint.contype = 'f'
      and pg_constraint.conparentid = 0
      and pg_class.relowner = current_user::regrole
    group by pg_constraint.oid
    order by 1, 2
  loop
    child := foreign_key.child;
    constraint_name := foreign_key.name;
    parent := foreign_key.parent;
    execute format(
      'select count(*) from %s as child where %s and not exists '
      '(select from %s as parent where %s)',
      foreign_key.child, foreign_key.complete, foreign_key.parent, foreign_key.joined
    )
    into orphans;
    if orphans > 0 then
      return next;
    end if;
  end loop;
end;
$$;

comment on function ops.orphans() is
  'Rows whose foreign key names a row that is not there, one result for each broken constraint on '
  'a table of the caller. Reads all of those tables.';

create trigger data_quality_checks_set_updated_at
  before update on ops.data_quality_checks
  for each row execute function private.set_updated_at();

select ops.define_setting('ops.data_quality_sample_rows', '10',
  'How many violations a result keeps to show.', 0, 1000);
select ops.define_setting('ops.data_quality_retention_days', '90',
  'Days for which results of checks are kept.', 1, 3650);

select ops.define_data_quality_check('ops.constraints_not_valid', 'constraint',
  $$
    select conrelid::regclass as "table", conname as constraint_name
    from pg_catalog.pg_constraint
    join pg_catalog.pg_class on pg_class.oid = pg_constraint.conrelid
    where not convalidated and pg_class.relowner = current_user::regrole
  $$,
  'Constraints that old rows have not been held against.');
select ops.define_data_quality_check('ops.indexes_not_valid', 'constraint',
  $$
    select indrelid::regclass as "table", indexrelid::regclass as index
    from pg_catalog.pg_index
    join pg_catalog.pg_class on pg_class.oid = pg_index.indrelid
    where not (indisvalid and indisready) and pg_class.relowner = current_user::regrole
  $$,
  'Indexes that a concurrent build left behind: they cost writes and answer no query.');
select ops.define_data_quality_check('ops.orphans', 'orphan', 'select * from ops.orphans()',
  'Foreign keys whose row is gone: somebody wrote with triggers off.');

select ops.define_topic(
  name => 'data-quality',
  handler => 'ops.run_due_data_quality_check',
  every => '1 day',
  anchor => '2000-01-01 02:30+00',
  budget => '30 seconds',
  description => 'Runs each registered check once a night.'
);

alter table ops.data_quality_checks enable row level security;
alter table ops.data_quality_results enable row level security;

grant select on ops.data_quality_checks, ops.data_quality_results, ops.invariants to service_role;
