-- The quality score is the documented formula; the expected figures are worked out by hand.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(25);

-- the figures below are worked out for the weights that the migration gives
update ops.settings set value = default_value where key like 'directory.quality_%';

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 3) as n;
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsq-one', 'Zsq One');
insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zsq Bare', 'Zsqville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zsq Full', 'Zsqville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');

create function pg_temp.score(business text)
returns numeric
language sql
as $$
  select business_stats.quality_score
  from directory.business_stats
  where business_stats.business_id =
    ('b7e57000-0000-4000-8000-00000000000' || score.business)::uuid;
$$;
create function pg_temp.complete(business text)
returns numeric
language sql
as $$
  select directory_internal.completeness(businesses)
  from directory.businesses
  where businesses.id = ('b7e57000-0000-4000-8000-00000000000' || complete.business)::uuid;
$$;

-- 5 × (0.35 × 0 + 0.15 × 0 + 0.35 × (17.5 / 5) / 5 + 0.15 × 0) = 1.225
select is(pg_temp.score('1'), 1.23, 'a bare entry without reviews has the prior rating alone');
select is(pg_temp.complete('1'), 0.00, 'a bare entry is not complete at all');

-- each part of the entry is a tenth
create temporary table steps (place int, assignment text, part text) on commit drop;
insert into steps values
  (1, 'description = repeat(''d'', 80)', 'a description of 80 characters'),
  (2, 'short_description = ''Short''', 'a short description'),
  (3, 'tags = ''{tag}''', 'tags'),
  (4, 'phone = ''512 555 0100''', 'a telephone number'),
  (5, 'email = ''a@example.com''', 'an e-mail address'),
  (6, 'website = ''https://example.com''', 'a website'),
  (7, 'address_line_1 = ''1 Main St''', 'an address'),
  (8, 'longitude = -97, latitude = 30', 'a place'),
  (9, 'business_hours = ''{"mon": [["09:00", "17:00"]]}''', 'hours'),
  (10, 'gallery = ''["https://example.com/1.png"]''', 'pictures');
create function pg_temp.take(step text)
returns numeric
language plpgsql
as $$
begin
  execute format(
    'update directory.businesses set %s where id = %L',
    step, 'b7e57000-0000-4000-8000-000000000002'
  );
  return pg_temp.complete('2');
end;
$$;
select is(pg_temp.take(assignment), place / 10.0, part || ' makes an entry a tenth more complete')
from (select * from steps order by place) as steps;
select is(pg_temp.take('logo_url = ''https://example.com/l.png'''), 1.0,
  'a logo besides pictures adds nothing');
select is(pg_temp.take('gallery = ''[]'''), 1.0, 'a logo stands for pictures');
select is(pg_temp.take('description = repeat(''d'', 79)'), 0.9,
  'a description of 79 characters is too short to count');
select pg_temp.take('description = repeat(''d'', 80)') is null as taken;

-- 5 × (0.35 × 1 + 0.35 × 0.7) = 2.975
select is(pg_temp.score('2'), 2.98, 'a complete entry adds 35 per cent');

update directory.businesses set verification_status = 'verified'
where id = 'b7e57000-0000-4000-8000-000000000002';
-- 5 × (0.35 + 0.15 + 0.245) = 3.725
select is(pg_temp.score('2'), 3.73, 'a verified business adds 15 per cent');

insert into directory.business_reviews (business_id, reviewer_id, rating, content, status) values
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000001', 5, 'Zsq',
    'published'),
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000002', 4, 'Zsq',
    'published');
-- rating (9 + 17.5) / (2 + 5) = 3.785714 of 5; volume ln 3 / ln 51 = 0.279415
-- 5 × (0.35 + 0.15 + 0.35 × 0.757143 + 0.15 × 0.279415) = 4.034561
select is(pg_temp.score('2'), 4.03, 'reviews pull the rating from its prior and add volume');
select is(
  (
    select round(popularity::numeric, 4) from directory.listings
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
  ),
  -- 0.35 × 4.03 / 5 + 0.25 × 4.5 / 5 + 0.40 × ln 3 / ln 5001 = 0.2821 + 0.2250 + 0.0516
  0.5587,
  'popularity is made of quality, stars and the logarithm of the number of reviews'
);

-- the formula itself at its ends: 60 reviews of five stars are more than the full volume
select is(
  (
    select directory_internal.quality_score(
      businesses, 60, 300, 0.35, 0.15, 0.35, 0.15, 3.5, 5, 50
    )
    from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000002'
  ),
  -- 5 × (0.35 + 0.15 + 0.35 × (317.5 / 65) / 5 + 0.15 × 1) = 4.959615
  4.96,
  'more reviews than the full volume add nothing to the volume'
);
select is(directory_internal.popularity(5, 5, 5000), 1::real,
  'a perfect business with 5,000 reviews has popularity 1');
select is(directory_internal.popularity(5, 5, 500000), 1::real, 'popularity never passes 1');

-- the weights are settings
select ops.set_setting('directory.quality_weight_volume', '0') is null as set_before;
select ops.set_setting('directory.quality_weight_completeness', '0') is null as set_before;
select ops.set_setting('directory.quality_prior_rating', '1') is null as set_before;
select directory_internal.refresh_listings(
  array['b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002']::uuid[]
) is null as refreshed;
-- 5 × (0.15 × 1 + 0.35 × ((9 + 5) / 7) / 5) / 0.5 = 5 × (0.15 + 0.14) / 0.5
select is(pg_temp.score('2'), 2.90, 'weights and priors are read from the settings');
-- 5 × (0.35 × (5 / 5) / 5) / 0.5
select is(pg_temp.score('1'), 0.70, 'the weighted mean is over the weights in force');
select is_empty(
  $$ select 1 from directory.business_stats where quality_score not between 0 and 5 $$,
  'every score lies between 0 and 5'
);

select * from finish();
rollback;
