-- A reader reports a review once; enough readers hide it until a moderator has decided.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(33);

create function pg_temp.flag(reporter text, n int, reason text default 'fake')
returns text
language plpgsql
as $$
declare
  outcome text;
begin
  perform pg_temp.act_as(reporter);
  outcome := pg_temp.outcome(format(
    'insert into directory.review_flags (review_id, reason) values (%L, %L)',
    pg_temp.review(n), reason
  ));
  perform pg_temp.act_as('operator');
  return outcome;
end;
$$;
create function pg_temp.status(n int)
returns text
language sql
as $$ select status from directory.business_reviews where id = pg_temp.review(n) $$;
create function pg_temp.known(n int)
returns text
language sql
as $$
  select flagged_count || ' ' || flag_reasons
  from directory_internal.business_review_moderation
  where review_id = pg_temp.review(n)
$$;
create function pg_temp.waits(n int)
returns boolean
language sql
as $$
  select exists (select from directory_internal.review_queue where review_id = pg_temp.review(n))
$$;

select is(pg_temp.flag('anon', 1), '42501', 'a visitor can not report');
select is(pg_temp.flag('author', 1), '42501', 'an author does not report the own review');
select is(pg_temp.flag('reader1', 2), '42501', 'what is not public can not be reported');
select is(pg_temp.flag('reader1', 1, 'dislike'), '23514', 'a reason is one of the list');
select ok(not pg_temp.waits(1), 'a published review waits for nobody');

select is(pg_temp.flag('reader1', 1), '00000', 'a reader reports');
select is(pg_temp.status(1), 'published', 'one report hides nothing');
select ok(pg_temp.waits(1), 'but a moderator will see it');
select is(pg_temp.flag('reader1', 1, 'spam'), '23505', 'a reader reports a review once');
select is(pg_temp.known(1), '1 ["fake"]', 'a report that was refused does not count');

select pg_temp.act_as('reader1');
select results_eq(
  'select reporter_id, reason, status from directory.review_flags',
  $$values (pg_temp.person('reader1'), 'fake', 'open')$$,
  'a reporter reads the own report'
);
select is(
  pg_temp.outcome(format(
    'insert into directory.review_flags (review_id, reason, %I) values (%L, ''fake'', %L)',
    forbidden.name, pg_temp.review(3), forbidden.value
  )),
  '42501', forbidden.rule
)
from (
  values
    ('status', 'upheld', 'a reporter can not decide on the report'),
    ('resolved_at', '2026-01-01', 'a reporter can not date the decision'),
    ('created_at', '2026-01-01', 'a reporter can not date the report')
) as forbidden (name, value, rule);
select throws_ok(
  $$
    insert into directory.review_flags (review_id, reporter_id, reason)
    values (pg_temp.review(3), pg_temp.person('reader2'), 'fake')
  $$,
  '42501', null, 'nobody reports in the name of someone else'
);
select throws_ok(
  $$update directory.review_flags set note = 'x' where true$$, '42501', null,
  'a report is not changed'
);
select pg_temp.act_as('author');
select is_empty('select from directory.review_flags', 'the author does not learn who reported');
select pg_temp.act_as('owner');
select is_empty('select from directory.review_flags', 'nor does the owner');
select pg_temp.act_as('operator');

-- the business itself can not hide what is said of it
select is(pg_temp.flag('owner', 1), '00000', 'an owner may report');
select is(pg_temp.flag('manager', 1), '00000', 'and so may a manager');
select is(pg_temp.flag('editor', 1), '00000', 'and an editor');
select is(pg_temp.status(1), 'published',
  'but reports of the business do not hide a review, however many they are');

insert into directory.business_managers (business_id, user_id, role)
values (pg_temp.business(1), pg_temp.person('reader2'), 'editor');
select is(pg_temp.flag('reader2', 1, 'spam'), '00000',
  'a second reader reports, whom the owner has invited');
select is(pg_temp.status(1), 'published', 'two readers hide nothing');
select is(pg_temp.flag('reader3', 1), '00000', 'a third reader reports');
select is(pg_temp.status(1), 'hidden', 'three readers hide the review');
select is(
  (select review_count from directory.business_stats where business_id = pg_temp.business(1)), 0,
  'and it counts no more'
);
select is(pg_temp.known(1), '6 ["fake", "spam"]', 'moderators see how many reported, and why');

-- what a moderator has published is hidden by new reports only
select pg_temp.act_as('second_moderator');
select directory.moderate_review(pg_temp.review(1), 'publish') \g /dev/null
select pg_temp.act_as('operator');
select results_eq(
  $$
    select distinct status, resolved_at from directory.review_flags
    where review_id = pg_temp.review(1)
  $$,
  $$values ('dismissed', now())$$,
  'publishing dismisses the reports'
);
select is(pg_temp.known(1), '0 []', 'which count no more');
select is(pg_temp.flag('reader4', 1), '00000', 'another reader reports');
select is(pg_temp.status(1), 'published', 'dismissed reports do not add to new ones');

-- an upheld one
select pg_temp.act_as('second_moderator');
select directory.moderate_review(pg_temp.review(1), 'hide') \g /dev/null
select pg_temp.act_as('operator');
select results_eq(
  $$
    select status, count(*) from directory.review_flags
    where review_id = pg_temp.review(1) group by status order by status
  $$,
  $$values ('dismissed', 6::bigint), ('upheld', 1)$$,
  'hiding upholds the open ones'
);

select * from finish();
rollback;
