-- Figures that somebody wrote past the triggers are found, repaired and reported, each once.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir reviews.psql

select plan(12);

update ops.settings set value = default_value where key like 'directory.%';

select is_empty(
  'select * from directory.refresh_business_stats()', 'without drift nothing is found'
);
select function_privs_are('directory', 'refresh_business_stats', '{}'::text[], who, rights::text[],
  who || ' has the rights of the list')
from (
  values ('anon', '{}'), ('authenticated', '{}'), ('service_role', '{EXECUTE}')
) as role (who, rights);

set local session_replication_role = replica;
update directory.business_stats
set review_count = 2, rating_total = 6, rating_counts = '{0,0,2,0,0}', bayesian_rating = 4.44
where business_id = pg_temp.business(1);
update directory.listings set avg_rating = 1.11 where business_id = pg_temp.business(2);
set local session_replication_role = origin;

select pg_temp.act_as('service_role');
select results_eq(
  'select * from directory.refresh_business_stats()',
  $$
    values
      -- (2 + 17.5) / 6
      (pg_temp.business(1), 'avg_rating', '3.00', '2.00'),
      (pg_temp.business(1), 'bayesian_rating', '4.44', '3.25'),
      (pg_temp.business(1), 'rating_counts', '[0, 0, 2, 0, 0]', '[0, 1, 0, 0, 0]'),
      (pg_temp.business(1), 'rating_total', '6', '2'),
      (pg_temp.business(1), 'review_count', '2', '1'),
      (pg_temp.business(2), 'listings.avg_rating', '1.11', '5.00')
  $$,
  'each figure that differs is reported, with what stood there and what is right'
);
select is_empty('select * from directory.refresh_business_stats()', 'and is right afterwards');
select results_eq(
  $$
    select stats.rating_counts, listings.avg_rating, listings.review_count
    from directory.business_stats as stats
    join directory.listings using (business_id)
    where business_id in (pg_temp.business(1), pg_temp.business(2))
    order by business_id
  $$,
  $$values ('{0,1,0,0,0}'::int[], 2.00, 1), ('{0,0,0,0,1}', 5.00, 1)$$,
  'in the figures and in the listing'
);
select pg_temp.act_as('operator');

delete from directory.business_stats where business_id = pg_temp.business(1);
select isnt_empty(
  format(
    $$
      select from directory.refresh_business_stats()
      where business_id = %L and figure = 'review_count' and stored is null and correct = '1'
    $$,
    pg_temp.business(1)
  ),
  'a business without figures gets them'
);

select ops.set_setting('directory.stats_repair_batch', '1') \g /dev/null
select ops.set_setting('directory.quality_prior_rating', '1') \g /dev/null
select is(
  (select count(distinct business_id) from directory.refresh_business_stats()), 1::bigint,
  'a call repairs no more businesses than the setting says'
);
select ops.set_setting('directory.stats_repair_batch', '100000') \g /dev/null
select set_has(
  $$select figure from directory.refresh_business_stats()$$, $$values ('bayesian_rating')$$,
  'a prior that an operator moves reaches the figures by a refresh'
);
select is_empty('select * from directory.refresh_business_stats()', 'and there is no drift then');
select is(
  (select bayesian_rating from directory.business_stats where business_id = pg_temp.business(1)),
  -- (2 + 5) / 6
  1.17, 'the figure is that of the new prior'
);

select * from finish();
rollback;
