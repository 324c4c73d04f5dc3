-- Number and mean of stars follow what the public reads: published reviews that are not deleted.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(22);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 6) as n;
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000006', 'moderator');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsr-one', 'Zsr One');
insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zsr One', 'Zsrville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zsr Two', 'Zsrville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');

-- count, sum and mean as the statistics have them, then as the listing has them
create function pg_temp.figures(business text)
returns text
language sql
as $$
  select format(
    '%s %s %s | %s %s',
    business_stats.review_count, business_stats.rating_total,
    coalesce(business_stats.avg_rating::text, '-'),
    coalesce(listings.review_count::text, 'none'), coalesce(listings.avg_rating::text, '-')
  )
  from directory.business_stats
  left join directory.listings on listings.business_id = business_stats.business_id
  where business_stats.business_id =
    ('b7e57000-0000-4000-8000-00000000000' || figures.business)::uuid;
$$;

select is(pg_temp.figures('1'), '0 0 - | 0 -',
  'a business without reviews has a count of none and no mean');

insert into directory.business_reviews (id, business_id, reviewer_id, rating, content) values
  ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 5, 'Zsr'),
  ('e7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000002', 4, 'Zsr'),
  ('e7e57000-0000-4000-8000-000000000003', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000003', 2, 'Zsr'),
  ('e7e57000-0000-4000-8000-000000000004', 'b7e57000-0000-4000-8000-000000000002',
    'a7e57000-0000-4000-8000-000000000001', 1, 'Zsr');
select is(pg_temp.figures('1'), '0 0 - | 0 -', 'reviews that wait do not count');

update directory.business_reviews set status = 'published'
where id = 'e7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '1 5 5.00 | 1 5.00', 'a published review counts');
select is(pg_temp.figures('2'), '0 0 - | 0 -', 'the review counts for no other business');

update directory.business_reviews set status = 'published'
where id in (
  'e7e57000-0000-4000-8000-000000000002', 'e7e57000-0000-4000-8000-000000000003',
  'e7e57000-0000-4000-8000-000000000004'
);
select is(pg_temp.figures('1'), '3 11 3.67 | 3 3.67',
  'reviews published in one statement count, and the mean has two places');
select is(pg_temp.figures('2'), '1 1 1.00 | 1 1.00',
  'one statement settles every business it touched');

-- the author changes the rating, as the author
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
update directory.business_reviews set rating = 3
where id = 'e7e57000-0000-4000-8000-000000000003';
reset role;
select is(pg_temp.figures('1'), '2 9 4.50 | 2 4.50',
  'a review that its author changes stops counting until it is published again');
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select directory.moderate_review('e7e57000-0000-4000-8000-000000000003', 'publish') is null;
reset role;
select is(pg_temp.figures('1'), '3 12 4.00 | 3 4.00',
  'published again it counts with its new stars');
set local role authenticated;
select directory.moderate_review('e7e57000-0000-4000-8000-000000000003', 'hide') is null;
reset role;
select is(pg_temp.figures('1'), '2 9 4.50 | 2 4.50', 'a hidden review stops counting');
set local role authenticated;
select directory.moderate_review('e7e57000-0000-4000-8000-000000000002', 'reject') is null;
reset role;
select is(pg_temp.figures('1'), '1 5 5.00 | 1 5.00', 'a rejected review stops counting');

update directory.business_reviews set status = 'published'
where business_id = 'b7e57000-0000-4000-8000-000000000001';
update directory.business_reviews set deleted_at = now()
where id = 'e7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '2 7 3.50 | 2 3.50', 'a deleted review stops counting');
update directory.business_reviews set deleted_at = null
where id = 'e7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '3 12 4.00 | 3 4.00', 'a review that comes back counts again');
delete from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000002';
select is(pg_temp.figures('1'), '2 8 4.00 | 2 4.00', 'a removed review stops counting');

update directory.business_reviews set business_id = 'b7e57000-0000-4000-8000-000000000002'
where id = 'e7e57000-0000-4000-8000-000000000003';
select is(
  pg_temp.figures('1') || ' / ' || pg_temp.figures('2'),
  '1 5 5.00 | 1 5.00 / 2 4 2.00 | 2 2.00',
  'a review that the operator moves counts where it went, and no more where it was'
);

insert into directory.business_reviews (
  business_id, reviewer_id, rating, content, status
) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 3, 'Zsr',
    'published');
select is(pg_temp.figures('1'), '2 8 4.00 | 2 4.00', 'a review that is born published counts');

delete from auth.users where id = 'a7e57000-0000-4000-8000-000000000001';
select is(
  pg_temp.figures('1') || ' / ' || pg_temp.figures('2'),
  '1 3 3.00 | 1 3.00 / 1 3 3.00 | 1 3.00',
  'the reviews of a deleted account stop counting, at every business'
);

update directory.businesses set status = 'suspended'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '1 3 3.00 | none -',
  'a suspended business keeps its figures and has no listing');
update directory.business_reviews set status = 'hidden'
where business_id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '0 0 - | none -',
  'the figures of a suspended business are kept up');
update directory.businesses set status = 'active'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.figures('1'), '0 0 - | 0 -',
  'a business that comes back has its figures at once');

-- a wrong figure, however it came about, is put right by the next refresh
update directory.business_stats
set review_count = 40, rating_total = 200, rating_counts = '{0,0,0,0,40}'
where business_id = 'b7e57000-0000-4000-8000-000000000002';
select directory_internal.refresh_listings(array['b7e57000-0000-4000-8000-000000000002'::uuid])
  is null;
select is(pg_temp.figures('2'), '1 3 3.00 | 1 3.00', 'a refresh repairs figures that were wrong');

select throws_ok(
  $$
    update directory.business_stats set review_count = -1
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  '23514', null,
  'a negative count is refused'
);
select throws_ok(
  $$
    update directory.business_stats set rating_total = 6
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  '23514', null,
  'more stars than the reviews can hold are refused'
);

select * from finish();
rollback;
