-- The threat (D-61, D-66): one person moves the stars of a business by many reviews, by one that
-- nobody has approved, or by one that is taken back.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(8);

create temporary view stars as
select rating_counts from directory.business_stats where business_id = pg_temp.business(1);

select pg_temp.act_as('reader1');
select lives_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values (pg_temp.business(1), 5, 'Zqr')
  $$,
  'a first review is taken'
);
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values (pg_temp.business(1), 5, 'Zqr again')
  $$,
  '23505', null, 'a second one is not'
);
select throws_ok(
  format(
    'insert into directory.business_reviews (business_id, reviewer_id, rating, content)
     values (%s, 5, ''Zqr'')', nobody.who
  ),
  nobody.code, null, nobody.rule
)
from (
  values
    ('null, auth.uid()', '42501', 'a review of no business is not'),
    ('pg_temp.business(2), null', '42501', 'a review by nobody is not')
) as nobody (who, code, rule);
select pg_temp.act_as('operator');
select results_eq('select * from stars', $$values ('{0,1,0,0,0}'::int[])$$,
  'a review that waits moves nothing');
update directory.business_reviews set status = 'published'
where reviewer_id = pg_temp.person('reader1');
select results_eq('select * from stars', $$values ('{0,1,0,0,1}'::int[])$$,
  'an approved one counts once');
select pg_temp.act_as('reader1');
select directory.delete_review(
  (select id from directory.business_reviews where reviewer_id = pg_temp.person('reader1'))
) \g /dev/null
insert into directory.business_reviews (business_id, rating, content)
values (pg_temp.business(1), 5, 'Zqr anew');
select pg_temp.act_as('operator');
select results_eq('select * from stars', $$values ('{0,1,0,0,0}'::int[])$$,
  'neither the one that was taken back nor its successor counts');
update directory.business_reviews set status = 'published'
where reviewer_id = pg_temp.person('reader1');
select results_eq('select * from stars', $$values ('{0,1,0,0,1}'::int[])$$,
  'of two that were approved the one that stands counts');

select * from finish();
rollback;
