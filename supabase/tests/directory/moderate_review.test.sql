-- Moderators decide on reviews; what they noted is for moderators.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(33);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 7) as n;
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000002', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000003', 'admin', null),
  ('a7e57000-0000-4000-8000-000000000004', 'super_admin', null),
  ('a7e57000-0000-4000-8000-000000000005', 'moderator', now() - interval '1 second'),
  ('a7e57000-0000-4000-8000-000000000006', 'analyst', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zmr-one', 'Zmrcategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values ('b7e57000-0000-4000-8000-000000000001', 'Zmr One', 'Zmrcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000007', 'active');
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content, deleted_at)
values
  ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 4, 'Zmr', null),
  ('e7e57000-0000-4000-8000-000000000003', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000002', 5, 'Zmr by a moderator', null),
  ('e7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000006', 4, 'Zmr', now());

-- what comes of an attempt by a user, given by number: the status then, or the code
create function pg_temp.attempt(actor text, decision text, notes text default null)
returns text
language plpgsql
as $$
declare
  answer text;
begin
  perform set_config(
    'request.jwt.claims',
    format('{"sub": "a7e57000-0000-4000-8000-00000000000%s"}', actor), true
  );
  perform set_config('role', 'authenticated', true);
  perform directory.moderate_review(
    'e7e57000-0000-4000-8000-000000000001', attempt.decision, attempt.notes
  );
  perform set_config('role', 'none', true);
  select status into answer from directory.business_reviews
  where id = 'e7e57000-0000-4000-8000-000000000001';
  return answer;
exception
  when others then
    perform set_config('role', 'none', true);
    return sqlstate;
end;
$$;

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'publish') $$,
  '42501', null,
  'a visitor decides nothing'
);
reset role;
select is(pg_temp.attempt(actor, 'publish'), '42501', rule)
from (
  values
    ('1', 'an author can not publish the own review'),
    ('7', 'the owner of the business decides nothing'),
    ('6', 'an analyst decides nothing'),
    ('5', 'a moderator whose role has expired decides nothing')
) as tried (actor, rule);
select is(pg_temp.attempt('7', 'hide'), '42501', 'the owner can not hide a review');
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$
    select directory_internal.moderate_review('e7e57000-0000-4000-8000-000000000001', 'publish',
      null, null)
  $$,
  '42501', null,
  'the function behind the RPC asks for the role as well'
);
reset role;
select is(
  (select status from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001'),
  'pending',
  'after all refusals the review waits'
);

select is(pg_temp.attempt('2', 'publish', 'Zmr fine'), 'published', 'a moderator publishes');
select results_eq(
  $$
    select moderation_notes, moderated_by, moderated_at
    from directory_internal.business_review_moderation
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('Zmr fine', 'a7e57000-0000-4000-8000-000000000002'::uuid, now()) $$,
  'the decision keeps who took it, when and why'
);
select is(
  (
    select published_at from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000001'
  ),
  now(),
  'a publication is dated'
);
set local request.jwt.claims = '{}';
set local role anon;
select isnt_empty(
  $$
    select 1 from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  'a published review is public'
);
reset role;
select is(pg_temp.attempt('3', 'hide', 'Zmr foul'), 'hidden', 'an administrator hides');
select results_eq(
  $$
    select moderation_notes, moderated_by
    from directory_internal.business_review_moderation
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('Zmr foul', 'a7e57000-0000-4000-8000-000000000003'::uuid) $$,
  'a later decision replaces the earlier one'
);
set local role anon;
select is_empty(
  $$
    select 1 from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  'a hidden review is not public'
);
reset role;
select is(pg_temp.attempt('4', 'reject'), 'rejected', 'a super administrator rejects');
select is(pg_temp.attempt('2', 'publish'), 'published', 'a rejected review can be published');
select is(pg_temp.attempt('2', 'publish'), 'published', 'a decision can be taken twice');
set local request.jwt.claims = '{}';
set local role service_role;
select lives_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'hide') $$,
  'the service key decides'
);
reset role;
select is(
  (
    select moderated_by from directory_internal.business_review_moderation
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
  ),
  null,
  'a decision by the service key has no user'
);

select is(pg_temp.attempt('2', decision), 'PL143', rule)
from (
  values
    ('approve', 'an unknown decision is refused'),
    ('published', 'a status is no decision'),
    ('', 'an empty decision is refused'),
    (null, 'no decision is refused')
) as tried (decision, rule);
select is(pg_temp.attempt('2', 'publish', repeat('n', 2001)), '23514',
  'a note of 2,001 characters is refused');
select is(
  (select status from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001'),
  'hidden',
  'a refused decision decides nothing'
);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-0000000000ff', 'publish') $$,
  'PT404', 'Review e7e57000-0000-4000-8000-0000000000ff not found.',
  'an unknown review is not found'
);
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000002', 'publish') $$,
  'PT404', 'Review e7e57000-0000-4000-8000-000000000002 not found.',
  'a deleted review is not found'
);
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000003', 'publish') $$,
  'PL144', 'Moderators do not decide on what is their own.',
  'a moderator does not publish the own review'
);
select results_eq(
  $$
    select status from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000003'
  $$,
  $$ values ('pending') $$,
  'the own review of a moderator still waits'
);
select throws_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000001', 'burn') $$,
  'PL143', 'There is no decision burn.',
  'the message names the decision'
);
reset role;
select is_empty(
  $$
    select 1 from directory_internal.business_review_moderation
    where review_id in (
      'e7e57000-0000-4000-8000-000000000002', 'e7e57000-0000-4000-8000-000000000003'
    )
  $$,
  'a review that was not decided has no note'
);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select lives_ok(
  $$ select directory.moderate_review('e7e57000-0000-4000-8000-000000000003', 'publish') $$,
  'another decides on the review of a moderator'
);
reset role;

select * from finish();
rollback;
