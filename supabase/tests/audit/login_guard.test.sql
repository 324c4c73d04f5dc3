-- Detection reads an index, newest first, whatever lies in the record.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(4);

with accounts as materialized (
  select number, audit.account_hash(number || '@guard.test') as account_hash
  from generate_series(0, 499) as number
)
insert into audit.login_attempts (account_hash, address, network, success, source, created_at)
select
  accounts.account_hash, caller.address, audit.caller_network(caller.address), false, 'api',
  pg_temp.moment(n)
from generate_series(1, 20000) as n
join accounts on accounts.number = n % 500
cross join lateral (values ('198.51.100.0'::inet + n % 200)) as caller (address);
analyze audit.login_attempts;

-- the scans without an index that a query of record_login() would make
create function pg_temp.scans(condition text)
returns setof text
language plpgsql
as $$
declare
  line text;
begin
  for line in execute format(
    'explain (costs off) select * from audit.login_attempts where %s '
    'and created_at > pg_temp.moment(16400) and created_at <= pg_temp.moment(20000) '
    'order by created_at desc limit 1000',
    condition
  ) loop
    if line ~ 'Seq Scan' then
      return next line;
    end if;
  end loop;
end;
$$;

select is_empty(format('select pg_temp.scans(%L)', condition), rule)
from (
  values
    ($$not success and account_hash = (select audit.account_hash('7@guard.test'))$$,
      'the rules of an account do not scan'),
    ($$not success and network = '198.51.100.7/32'$$, 'the rules of an address do not scan'),
    ('not success', 'the rule about all does not scan')
) as guarded (condition, rule);

drop index audit.login_attempts_account_hash_created_at_idx;
drop index audit.login_attempts_created_at_idx;
select isnt_empty(
  $$
    select pg_temp.scans(
      'not success and account_hash = (select audit.account_hash(''7@guard.test''))'
    )
  $$,
  'without its index a scan is seen'
);

select * from finish();
rollback;
