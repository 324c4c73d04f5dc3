-- Everyone sees published reviews of visible businesses; a review that waits is for its author and
-- the moderators.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(16);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'), -- author
  ('a7e57000-0000-4000-8000-000000000002'), -- another author
  ('a7e57000-0000-4000-8000-000000000003'), -- owner
  ('a7e57000-0000-4000-8000-000000000004'), -- moderator
  ('a7e57000-0000-4000-8000-000000000005'), -- moderator until a minute ago
  ('a7e57000-0000-4000-8000-000000000006'); -- analyst
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000004', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000005', 'moderator', now() - interval '1 minute'),
  ('a7e57000-0000-4000-8000-000000000006', 'analyst', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zrv-one', 'Zrv One');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zrv Shown', 'Zrvville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zrv Suspended', 'Zrvville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'suspended'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zrv Third', 'Zrvville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active');
insert into directory.business_reviews (
  id, business_id, reviewer_id, rating, content, status, deleted_at
) values
  ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000002', 5, 'Zrv published', 'published', null),
  ('e7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 5, 'Zrv pending', 'pending', null),
  ('e7e57000-0000-4000-8000-000000000003', 'b7e57000-0000-4000-8000-000000000003',
    'a7e57000-0000-4000-8000-000000000001', 5, 'Zrv rejected', 'rejected', null),
  ('e7e57000-0000-4000-8000-000000000004', 'b7e57000-0000-4000-8000-000000000003',
    'a7e57000-0000-4000-8000-000000000002', 5, 'Zrv hidden', 'hidden', null),
  ('e7e57000-0000-4000-8000-000000000005', 'b7e57000-0000-4000-8000-000000000002',
    'a7e57000-0000-4000-8000-000000000002', 5, 'Zrv of a suspended one', 'published', null),
  ('e7e57000-0000-4000-8000-000000000006', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 5, 'Zrv deleted', 'published', now());

create function pg_temp.seen()
returns text
language sql
as $$
  select string_agg(substr(content, 5), ', ' order by id)
  from directory.business_reviews
  where content like 'Zrv %';
$$;
grant execute on function pg_temp.seen() to anon, authenticated, service_role;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.seen(), 'published', 'a visitor sees the published review and no other');
select is_empty(
  $$
    select 1 from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000005'
  $$,
  'a published review of a suspended business is hidden with it'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'published, pending, rejected, deleted',
  'an author sees the own reviews, whatever became of them'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'published, hidden, of a suspended one',
  'another author sees the own reviews and none that wait'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'published, of a suspended one',
  'an owner sees published reviews of the suspended business, and none that wait'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'published, pending, rejected, hidden, of a suspended one, deleted',
  'a moderator sees every review'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select is(pg_temp.seen(), 'published', 'a moderator whose role has expired sees what all see');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select is(pg_temp.seen(), 'published', 'an analyst sees what all see');
reset role;

set local role service_role;
select is(
  pg_temp.seen(), 'published, pending, rejected, hidden, of a suspended one, deleted',
  'the service key sees every review'
);
reset role;

-- reviews follow their business
update directory.businesses set suspended_at = now() + interval '1 hour'
where id = 'b7e57000-0000-4000-8000-000000000001';
set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.seen(), 'published', 'reviews stay while a suspension lies ahead');
reset role;
update directory.businesses set suspended_at = now() - interval '1 hour'
where id = 'b7e57000-0000-4000-8000-000000000001';
set local role anon;
select is(pg_temp.seen(), null, 'reviews vanish when the suspension has begun');
select is_empty(
  $$
    select 1 from directory.business_stats
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'the figures of a hidden business are hidden too'
);
reset role;
update directory.businesses
set suspended_at = now() - interval '2 hours', suspended_until = now() - interval '1 hour'
where id = 'b7e57000-0000-4000-8000-000000000001';
set local role anon;
select is(pg_temp.seen(), 'published', 'reviews come back when the suspension is over');
select results_eq(
  $$
    select review_count from directory.business_stats
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values (1) $$,
  'the figures of a visible business are public'
);
reset role;
update directory.businesses set status = 'deleted'
where id = 'b7e57000-0000-4000-8000-000000000001';
set local role anon;
select is(pg_temp.seen(), null, 'reviews vanish with a deleted business');
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'published, hidden, of a suspended one',
  'an author still sees the own review of a deleted business'
);
reset role;

select * from finish();
rollback;
