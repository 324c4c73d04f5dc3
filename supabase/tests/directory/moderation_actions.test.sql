-- What moderators and administrators do in the directory is written down with its reason.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(5);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000009', 'zma-one', 'Zmacategory');
insert into directory.businesses (id, name, city, state, primary_category_id, status)
values ('b7e57000-0000-4000-8000-000000000009', 'Zma One', 'Zmacity', 'TX',
  'c7e57000-0000-4000-8000-000000000009', 'active');
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content)
values ('e7e57000-0000-4000-8000-000000000009', 'b7e57000-0000-4000-8000-000000000009',
  pg_temp.person('member'), 4, 'Zma');
create temporary view actions as
select admin_id, action, target_table, reason, metadata
from audit.admin_actions
where target_id in (
  'b7e57000-0000-4000-8000-000000000009', 'e7e57000-0000-4000-8000-000000000009'
)
order by id offset 0;

select pg_temp.act_as('moderator');
select directory.set_business_status(
  'b7e57000-0000-4000-8000-000000000009', 'suspended', 'Zma closed'
) \g /dev/null
select directory.moderate_review('e7e57000-0000-4000-8000-000000000009', 'hide', 'Zma foul')
\g /dev/null
select pg_temp.act_as('operator');
select results_eq(
  'select * from actions',
  $$
    values
      (pg_temp.person('moderator'), 'set_business_status', 'businesses', 'Zma closed',
        '{"from": "active", "to": "suspended"}'::jsonb),
      (pg_temp.person('moderator'), 'moderate_review', 'business_reviews', 'Zma foul',
        '{"decision": "hide"}')
  $$,
  'a decision is an action of who took it, with the reason'
);

select pg_temp.act_as('admin');
select directory.admin_update_business(
  'b7e57000-0000-4000-8000-000000000009',
  '{"legal_name": "Zma Secret Ltd", "annual_revenue": 4711, "phone_verified": true}'
) \g /dev/null
select pg_temp.act_as('operator');
select results_eq(
  $$select admin_id, metadata from actions where action = 'admin_update_business'$$,
  $$
    values (pg_temp.person('admin'),
      '{"changed": ["legal_name", "annual_revenue", "phone_verified"]}'::jsonb)
  $$,
  'a change names what was changed'
);
select is_empty(
  $$select from actions where metadata::text ~ 'Secret|4711'$$,
  'but never a private value'
);

select pg_temp.act_as('member');
select throws_ok(
  $$select directory.set_business_status('b7e57000-0000-4000-8000-000000000009', 'active')$$,
  '42501', null, 'a refused act'
);
select pg_temp.act_as('operator');
select is((select count(*) from actions), 3::bigint, 'leaves none');

select * from finish();
rollback;
