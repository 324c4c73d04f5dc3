-- The reviews of a business are read through an index, by visitors and by users. Without the
-- indexes the guard fails: planted below.
-- Drops indexes in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(9);

insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgr-one', 'Zgrcategory');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, status)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'zgr-' || n, 'Zgr', 'Zgrcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active'
from generate_series(1, 200) as n;
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
  'a7e57000-0000-4000-8000-000000000001', 4, 'Zgr', 'published'
from generate_series(1, 200) as n;

create function pg_temp.plan_of(query text)
returns table (indexes text[], nodes text[], scanned text[])
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (format json) ' || query into plan;
  return query
  select
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Index Name"') as node
    ),
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Node Type"') as node
    ),
    array(
      select distinct node ->> 'Relation Name'
      from jsonb_path_query(plan, 'strict $.** ? (@."Node Type" == "Seq Scan")') as node
    );
end;
$$;
grant execute on function pg_temp.plan_of(text) to anon, authenticated;
create temporary table guard (query text) on commit drop;
insert into guard values (
  $$
    select id, rating, title, content, published_at
    from directory.business_reviews
    where business_id = 'b7e57000-0000-4000-8000-000000000007'
    order by published_at desc, id
    limit 20
  $$
);
grant select on guard to anon, authenticated;

set local request.jwt.claims = '{}';
set local role anon;
select ok(
  'business_reviews_published_idx' = any ((select indexes from guard,
    pg_temp.plan_of(query))::text[]),
  'a visitor reads the reviews of a business through the index of published ones'
);
select ok(
  not 'business_reviews' = any ((select scanned from guard, pg_temp.plan_of(query))::text[]),
  'a visitor reads the reviews by no sequential scan'
);
select ok(
  not 'businesses' = any ((select scanned from guard, pg_temp.plan_of(query))::text[]),
  'whether their business is visible is looked up by no sequential scan'
);
select is(
  (
    select count(*) from directory.business_reviews
    where business_id = 'b7e57000-0000-4000-8000-000000000007'
  ),
  1::bigint,
  'there is a review to be found'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select ok(
  (select indexes from guard, pg_temp.plan_of(query))::text[]
    && array[
      'business_reviews_published_idx', 'business_reviews_business_id_idx',
      'business_reviews_business_id_reviewer_id_key'
    ],
  'a user reads the reviews of a business through an index on the business'
);
select ok(
  not 'business_reviews' = any ((select scanned from guard, pg_temp.plan_of(query))::text[]),
  'a user reads the reviews by no sequential scan'
);
select ok(
  'business_reviews_reviewer_id_idx' = any ((
    select indexes from pg_temp.plan_of(
      $$
        select id from directory.business_reviews
        where reviewer_id = 'a7e57000-0000-4000-8000-000000000001'
      $$
    )
  )::text[]),
  'a user reads the own reviews through the index of reviewers'
);
reset role;

-- the planted defect: a table without its indexes
drop index directory.business_reviews_published_idx;
drop index directory.business_reviews_business_id_idx;
drop index directory.business_reviews_business_id_reviewer_id_key;
set local request.jwt.claims = '{}';
set local role anon;
select ok(
  not (select indexes from guard, pg_temp.plan_of(query))::text[]
    && array[
      'business_reviews_published_idx', 'business_reviews_business_id_idx',
      'business_reviews_business_id_reviewer_id_key'
    ],
  'planted: without the indexes the guard fails'
);
select is(
  (
    select count(*) from directory.business_reviews
    where business_id = 'b7e57000-0000-4000-8000-000000000007'
  ),
  1::bigint,
  'planted: the answer is the same'
);
reset role;

select * from finish();
rollback;
