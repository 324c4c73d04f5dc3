-- Stars, Bayesian mean and recent reviews of a business.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(17);

-- the figures below are worked out for 3.5 stars from 5 reviews
update ops.settings set value = default_value where key like 'directory.%';

create temporary view figures as
select review_count, avg_rating, bayesian_rating, rating_counts, recent_reviews
from directory.review_figures
where business_id = pg_temp.business(1) offset 0;
grant select on figures to anon, authenticated;

update directory.business_reviews set status = 'hidden' where id = pg_temp.review(1);
select results_eq(
  'select * from figures',
  $$values (0, null::numeric, null::numeric, '{0,0,0,0,0}'::int[], 0)$$,
  'without reviews there is no mean of either kind'
);
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
select
  pg_temp.business(1), pg_temp.person('reader' || n), (array[5, 5, 3, 1])[n], 'Zqr', 'published'
from generate_series(1, 4) as n;
-- (14 + 3.5 × 5) / (4 + 5) = 3.5
select results_eq(
  'select * from figures',
  $$values (4, 3.50, 3.50, '{1,0,1,0,2}'::int[], 4)$$,
  'each number of stars is counted'
);
delete from directory.business_reviews where reviewer_id = pg_temp.person('reader4')
  and business_id = pg_temp.business(1);
-- 13 / 3; (13 + 17.5) / 8
select results_eq(
  'select * from figures',
  $$values (3, 4.33, 3.81, '{0,0,1,0,2}'::int[], 3)$$,
  'three good reviews move the Bayesian mean less than the mean'
);
update directory.business_reviews set rating = 4
where reviewer_id = pg_temp.person('reader1') and business_id = pg_temp.business(1);
update directory.business_reviews set status = 'published'
where reviewer_id = pg_temp.person('reader1') and business_id = pg_temp.business(1);
select is((select rating_counts from figures), '{0,0,1,1,1}'::int[], 'stars that change move');

-- what waits, is refused, hidden or gone does not count
update directory.business_reviews set status = status.name
from (values ('reader1', 'pending'), ('reader2', 'rejected'), ('reader3', 'hidden'))
  as status (who, name)
where reviewer_id = pg_temp.person(status.who) and business_id = pg_temp.business(1);
select is((select rating_counts from figures), '{0,0,0,0,0}'::int[],
  'pending, rejected and hidden reviews count nowhere');
update directory.business_reviews set status = 'published'
where business_id = pg_temp.business(1);
update directory.business_reviews set deleted_at = now()
where reviewer_id = pg_temp.person('reader1') and business_id = pg_temp.business(1);
select is((select review_count from figures), 5, 'deleted ones neither');

-- the window moves with the clock, without a write
update directory.business_reviews
set published_at = now() - interval '30 days'
where reviewer_id = pg_temp.person('reader2') and business_id = pg_temp.business(1);
update directory.business_reviews
set published_at = now() - interval '30 days' + interval '1 second'
where reviewer_id = pg_temp.person('reader3') and business_id = pg_temp.business(1);
select results_eq(
  'select review_count, recent_reviews from figures', $$values (5, 4)$$,
  'what was published 30 days ago is recent no more'
);
select ops.set_setting('directory.recent_review_days', '31') \g /dev/null
select is((select recent_reviews from figures), 5, 'how long a review is recent is a setting');
select pg_temp.act_as('anon');
select results_eq(
  $$
    select review_count, recent_reviews from directory.review_figures
    where business_id = pg_temp.business(1)
  $$,
  $$values (5, 5)$$,
  'a visitor reads the same'
);
select pg_temp.act_as('moderator');
select results_eq(
  $$
    select review_count, recent_reviews from directory.review_figures
    where business_id = pg_temp.business(1)
  $$,
  $$values (5, 5)$$,
  'and so does who sees more reviews'
);
select pg_temp.act_as('operator');
update directory.businesses set status = 'suspended' where id = pg_temp.business(1);
select pg_temp.act_as('anon');
select is_empty(
  $$select from directory.review_figures where business_id = pg_temp.business(1)$$,
  'the figures of a business that is not public are not'
);
select pg_temp.act_as('operator');

-- what the figures may be
select is(
  pg_temp.outcome(format(
    'update directory.business_stats set rating_counts = %L where business_id = %L',
    wrong.counts, pg_temp.business(1)
  )),
  '23514', wrong.rule
)
from (
  values
    ('{1,1,1,1}', 'four counts are refused'),
    ('{1,1,1,1,1,0}', 'six counts are refused'),
    ('{0,0,0,0,0}', 'counts that do not add up to the reviews are refused'),
    ('{0,1,0,1,3}', 'counts that do not add up to the stars are refused'),
    ('{-1,1,1,1,3}', 'a negative count is refused'),
    ('{NULL,1,1,1,1}', 'a count that is missing is refused')
) as wrong (counts, rule);

select * from finish();
rollback;
