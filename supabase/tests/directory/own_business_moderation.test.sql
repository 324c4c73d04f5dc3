-- A moderator who owns a business, or looks after it, must not hide what is said of it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(7);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 4) as n;
insert into private.user_roles (user_id, role) values
  ('a7e57000-0000-4000-8000-000000000001', 'moderator'),
  ('a7e57000-0000-4000-8000-000000000002', 'moderator'),
  ('a7e57000-0000-4000-8000-000000000003', 'admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zom-one', 'Zomcategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values ('b7e57000-0000-4000-8000-000000000001', 'Zom One', 'Zomcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active');
insert into directory.business_managers (business_id, user_id, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', now());
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content, status)
values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
  'a7e57000-0000-4000-8000-000000000004', 1, 'Zom is bad', 'published');

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'hide') $$,
  'PL144', 'Moderators do not decide on what is their own.',
  'an owner who moderates can not hide a review of the own business'
);
select throws_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-000000000001', 'suspended') $$,
  'PL144', 'Moderators do not decide on what is their own.',
  'an owner who moderates can not suspend the own business, nor lift its suspension'
);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'hide') $$,
  'PL144', 'Moderators do not decide on what is their own.',
  'a manager who moderates can not hide a review of that business'
);
reset role;
select results_eq(
  $$
    select status from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  array['published'],
  'the review is as it was'
);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select lives_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'hide') $$,
  'an administrator decides on any review of others'
);
select lives_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-000000000001', 'suspended') $$,
  'an administrator sets the status of any business'
);
reset role;
select results_eq(
  $$ select status from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001' $$,
  array['suspended'],
  'the status is set'
);

select * from finish();
rollback;
