-- A merge makes one business of two: nothing that visitors wrote or did is lost, every address
-- leads on, and nobody gains a right.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(45);

-- the duplicate, the one that stays, and somebody else's
select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'other'), pg_temp.enter(3, 'other')
\g /dev/null
insert into directory.categories (id, slug, name)
values ('c7b00000-0000-4000-8000-000000000002', 'zqb-two', 'Zqb Two');
insert into directory.business_categories (business_id, category_id) values
  (pg_temp.b(1), 'c7b00000-0000-4000-8000-000000000002');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  (pg_temp.b(1), pg_temp.person('leaving_admin'), 'manager', now()),
  (pg_temp.b(2), pg_temp.person('super_admin'), 'editor', now());
insert into directory.service_areas (business_id, area_name, area)
values (pg_temp.b(1), 'Zqb', 'SRID=4326;MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))');

create function pg_temp.r(number int)
returns uuid
language sql
immutable
as $$ select format('e7b00000-0000-4000-8000-%s', lpad(number::text, 12, '0'))::uuid $$;
insert into directory.business_reviews (
  id, business_id, reviewer_id, rating, content, status, created_at
)
select
  pg_temp.r(number), pg_temp.b(business), pg_temp.person(person), rating, 'Zqb', status,
  now() - make_interval(days => age)
from (
  values
    (1, 1, 'user', 5, 'published', 9), -- of the duplicate alone
    -- changed their mind
    (2, 1, 'analyst', 1, 'published', 9), (3, 2, 'analyst', 4, 'published', 3),
    (4, 1, 'moderator', 2, 'pending', 1), (5, 2, 'moderator', 3, 'published', 8), -- the other way
    (6, 1, 'other', 1, 'published', 5), -- the owner of what stays
    (7, 1, 'super_admin', 1, 'published', 5), -- who looks after it
    (8, 2, 'user', 1, 'rejected', 20)
) as written (number, business, person, rating, status, age);
update directory.business_reviews set deleted_at = now() where id = pg_temp.r(8);
insert into directory.business_review_responses (
  id, review_id, business_id, responder_id, content
)
values
  ('f7b00000-0000-4000-8000-000000000001', pg_temp.r(1), pg_temp.b(1), pg_temp.person('member'),
    'Thanks');

-- three visitors of the one, two of the other, one of them the same, on one day; one day alone
insert into directory_internal.business_visitors (business_id, day, visitor_id)
select pg_temp.b(business), current_date, format('d7b00000-0000-4000-8000-00000000000%s', who)::uuid
from (values (1, 1), (1, 2), (1, 3), (2, 3), (2, 4)) as came (business, who);
insert into directory.business_view_daily (
  business_id, day, views, visitors, timed_views, time_total, bounces
)
values
  (pg_temp.b(1), current_date, 5, 3, 2, 20, 1), (pg_temp.b(2), current_date, 4, 2, 1, 5, 2),
  (pg_temp.b(1), current_date - 3000, 7, 6, 0, 0, 0);
update directory.business_stats
set
  view_count = case business_id when pg_temp.b(1) then 12 else 4 end,
  click_count = 2, share_count = 1
where business_id in (pg_temp.b(1), pg_temp.b(2));
insert into directory.business_views (business_id, created_at) values (pg_temp.b(1), now());
insert into directory_internal.business_events (kind, business_id) values ('click', pg_temp.b(1));

insert into directory.business_saves (user_id, business_id) values
  (pg_temp.person('user'), pg_temp.b(1)), (pg_temp.person('other'), pg_temp.b(1)),
  (pg_temp.person('other'), pg_temp.b(2));

-- an address of before, an offer, an invitation, a verification, and a pair
update directory.businesses set name = 'Zqb Again' where id = pg_temp.b(1);
create temporary table kept (name text primary key, value text);
insert into kept values
  ('slug', pg_temp.try('member', format('select directory.renew_business_slug(%L)', pg_temp.b(1)))),
  ('offer', pg_temp.try('member', format(
    'select directory.offer_business_transfer(%L)', pg_temp.b(1)))),
  ('invitation', pg_temp.try('member', format(
    'select token from directory.invite_business_manager(%L)', pg_temp.b(1)))),
  ('verification', pg_temp.try('member', format(
    $$select directory.submit_verification(%L, '[{"kind": "tax", "path": "a"}]')$$, pg_temp.b(1))));
insert into directory.business_duplicates (business_id, other_id)
values (pg_temp.b(1), pg_temp.b(2)), (pg_temp.b(1), pg_temp.b(3));

create function pg_temp.merge(person text, one int, other int)
returns text
language sql
as $$
  select coalesce(nullif(pg_temp.try(
    person, format(
      'select directory.merge_businesses(%L, %L, $q$Zqb twice$q$)', pg_temp.b(one), pg_temp.b(other)
    )
  ), ''), 'done');
$$;
select is(pg_temp.merge(person, one, other), outcome, rule)
from (
  values
    ('anon', 1, 2, '42501', 'a visitor merges nothing'),
    ('member', 1, 2, '42501', 'nor an owner'), ('moderator', 1, 2, '42501', 'nor a moderator'),
    ('expired_admin', 1, 2, '42501', 'nor an administrator of yesterday'),
    ('admin', 1, 1, 'PL160', 'nothing is merged with itself'),
    ('admin', 1, 9, 'PT404', 'nor with what is not there'),
    ('admin', null, 2, 'PT404', 'nor is nothing')
) as tried (person, one, other, outcome, rule);
select is(pg_temp.merge('admin', 1, 2), 'done', 'an administrator merges two');

select is(
  (
    select string_agg(
      concat_ws(
        ' ', right(id::text, 1), right(business_id::text, 1), status,
        case when deleted_at is not null then 'deleted' end
      ), ', ' order by id
    )
    from directory.business_reviews
    where id::text like 'e7b0%'
  ),
  '1 2 published, 2 2 published deleted, 3 2 published, 4 2 pending, 5 2 published deleted, '
  '6 2 published deleted, 7 2 published deleted, 8 2 rejected deleted',
  'all reviews move; of two by one author the later is live, and none by those of the house'
);
select results_eq(
  $$
    select business_id, review_id, responder_id, content
    from directory.business_review_responses
    where id = 'f7b00000-0000-4000-8000-000000000001'
  $$,
  $$
    values (pg_temp.b(2), pg_temp.r(1), pg_temp.person('member'), 'Thanks')
  $$,
  'an answer goes with its review'
);
select results_eq(
  $$
    select business_id, review_count, rating_total, view_count, click_count, share_count
    from directory.business_stats
    where business_id in (pg_temp.b(1), pg_temp.b(2))
    order by business_id
  $$,
  $$
    values
      (pg_temp.b(1), 0, 0::bigint, 0, 0, 0),
      (pg_temp.b(2), 2, 9::bigint, 16, 4, 2)
  $$,
  'figures are those of both'
);
select results_eq(
  $$
    select business_id, day = current_date, views, visitors, timed_views, time_total, bounces
    from directory.business_view_daily
    where business_id in (pg_temp.b(1), pg_temp.b(2))
    order by day desc
  $$,
  $$
    values
      (pg_temp.b(2), true, 9, 4, 3, 25::bigint, 3),
      (pg_temp.b(2), false, 7, 6, 0, 0::bigint, 0)
  $$,
  'days are added up, and who visited both on a day counts once'
);
select results_eq(
  $$
    select business_id, count(*) from directory_internal.business_visitors
    where business_id in (pg_temp.b(1), pg_temp.b(2)) group by 1
  $$,
  $$values (pg_temp.b(2), 4::bigint)$$, 'visitors are those of both'
);
select results_eq(
  $$
    select business_id, count(*) from directory.business_saves
    where business_id in (pg_temp.b(1), pg_temp.b(2)) group by 1
  $$,
  $$values (pg_temp.b(2), 2::bigint)$$,
  'who saved either has saved the one that stays, once'
);
select is(
  (select count(*) from directory.business_views where business_id = pg_temp.b(2)), 1::bigint,
  'the log of views goes along'
);
select is(
  (select count(*) from directory_internal.business_events where business_id = pg_temp.b(2)),
  1::bigint, 'and what is not counted yet'
);
select results_eq(
  $$select category_id from directory.business_categories where business_id = pg_temp.b(2)$$,
  $$values ('c7b00000-0000-4000-8000-000000000002'::uuid)$$, 'categories are those of both'
);
select is(
  (select area_name from directory.service_areas where business_id = pg_temp.b(2)), 'Zqb',
  'service areas come to one that has none'
);

select is((pg_temp.the(1)).status, 'deleted', 'the duplicate is deleted');
select is(
  (
    select array_agg(concat_ws(' ', slug, current_slug, is_redirect) order by slug)
    from unnest(array['zqb-1-zqbville', 'zqb-again-zqbville', 'zqb-2-zqbville']) as slug
    left join lateral directory.resolve_business_slug(slug) as found on true
  ),
  array[
    'zqb-1-zqbville zqb-2-zqbville t', 'zqb-2-zqbville zqb-2-zqbville f',
    'zqb-again-zqbville zqb-2-zqbville t'
  ],
  'every address that either had leads to the one that stays'
);
select is_empty(
  format('select 1 from directory.listings where business_id = %L', pg_temp.b(1)),
  'the duplicate is in no list'
);

select is((pg_temp.the(2)).owner_id, pg_temp.person('other'), 'the owner is who it was');
select results_eq(
  format('select user_id from directory.business_managers where business_id = %L', pg_temp.b(2)),
  $$values (pg_temp.person('super_admin'))$$, 'managers of the duplicate get no right'
);
select is(
  pg_temp.try(person, format('select directory.%s(%L)', verb,
    (select value from kept where kept.name = token))),
  'PL145', format('%s of the duplicate is worth nothing', token)
)
from (
  values
    ('analyst', 'accept_business_transfer', 'offer'),
    ('analyst', 'accept_business_invitation', 'invitation')
) as tried (person, verb, token);
select is(
  pg_temp.try('moderator', format('select directory.review_verification(%L, $q$verify$q$)',
    (select value from kept where kept.name = 'verification'))),
  'PL159', 'its verification has ended'
);
select results_eq(
  $$
    select other_id, status from directory.business_duplicates
    where business_id = pg_temp.b(1) order by other_id
  $$,
  $$values (pg_temp.b(2), 'merged'), (pg_temp.b(3), 'dismissed')$$,
  'the pair is decided, and so are its others'
);
select results_eq(
  $$
    select reason, metadata ->> 'into', metadata ->> 'slug', metadata ->> 'reviews'
    from audit.admin_actions
    where action = 'merge_businesses' and target_id = pg_temp.b(1)::text
  $$,
  $$values ('Zqb twice', pg_temp.b(2)::text, 'zqb-again-zqbville', '5')$$,
  'the merge is written down'
);
select is(pg_temp.merge('admin', 1, 3), 'PL153', 'what was merged is not merged again');
select is(pg_temp.merge('admin', 3, 1), 'PL153', 'nor is anything merged into it');

select is(
  (select violations from ops.run_data_quality_check(name)), 0::bigint, name || ' holds'
)
from ops.invariants
where name like 'directory.%'
order by name;

select * from finish();
rollback;
