-- An author changes the own review for 30 days; what was published goes back to moderation.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(32);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002'),
  ('a7e57000-0000-4000-8000-000000000003');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000003', 'moderator');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zre-one', 'Zre One');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
select
  ('b7e57000-0000-4000-8000-00000000000' || n)::uuid, 'Zre ' || n, 'Zreville', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'active'
from generate_series(1, 8) as n;
insert into directory.business_reviews (
  id, business_id, reviewer_id, rating, content, status, created_at, published_at, deleted_at
)
select
  ('e7e57000-0000-4000-8000-00000000000' || fixture.n)::uuid,
  ('b7e57000-0000-4000-8000-00000000000' || fixture.n)::uuid,
  'a7e57000-0000-4000-8000-000000000001', 3, 'Zre ' || fixture.n, fixture.status,
  now() - fixture.age,
  case when fixture.status = 'published' then now() - fixture.age end,
  case when fixture.gone then now() end
from (
  values
    (1, 'published', interval '1 day', false),
    (2, 'published', interval '30 days', false),
    (3, 'published', interval '30 days' - interval '1 second', false),
    (4, 'pending', interval '1 day', false),
    (5, 'published', interval '1 day', true),
    (6, 'rejected', interval '1 day', false),
    (7, 'published', interval '1 day', false),
    (8, 'hidden', interval '1 day', false)
) as fixture (n, status, age, gone);

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select results_eq(
  $$
    update directory.business_reviews set content = 'Zre new', rating = 1
    where id = 'e7e57000-0000-4000-8000-000000000001'
    returning status, edited_at is not null, published_at is not null
  $$,
  $$ values ('pending', true, true) $$,
  'a published review whose text changes goes back to moderation and is dated'
);
select is_empty(
  $$
    update directory.business_reviews set content = 'Zre late'
    where id = 'e7e57000-0000-4000-8000-000000000002' returning id
  $$,
  'a review that is 30 days old can not be changed'
);
select isnt_empty(
  $$
    update directory.business_reviews set content = 'Zre just in time'
    where id = 'e7e57000-0000-4000-8000-000000000003' returning id
  $$,
  'a second before 30 days a review can still be changed'
);
select results_eq(
  $$
    update directory.business_reviews set content = 'Zre waits'
    where id = 'e7e57000-0000-4000-8000-000000000004' returning status
  $$,
  $$ values ('pending') $$,
  'a review that waits can be changed and goes on waiting'
);
select is_empty(
  $$
    update directory.business_reviews set content = 'Zre back'
    where id = 'e7e57000-0000-4000-8000-000000000005' returning id
  $$,
  'a deleted review can not be changed'
);
update directory.business_reviews set content = 'Zre try again'
where id = 'e7e57000-0000-4000-8000-000000000006';
select isnt(
  (
    select status from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000006'
  ),
  'published',
  'a change does not publish a rejected review'
);
update directory.business_reviews set content = 'Zre try again'
where id = 'e7e57000-0000-4000-8000-000000000008';
select isnt(
  (
    select status from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000008'
  ),
  'published',
  'a change does not publish a hidden review'
);
select results_eq(
  format(
    'update directory.business_reviews set %s
     where id = ''e7e57000-0000-4000-8000-000000000007'' returning status',
    changed.assignment
  ),
  $$ values ('published') $$,
  changed.rule
)
from (
  values
    ('content = content', 'a change to the same text keeps a review published'),
    ('visit_date = ''2020-02-02''', 'a new date of the visit keeps a review published'),
    ('language = ''de''', 'another language code keeps a review published')
) as changed (assignment, rule);
select is(
  (
    select edited_at from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000007'
  ),
  null,
  'what changes no text dates no edit'
);
select throws_ok(
  format(
    'update directory.business_reviews set %s
     where id = ''e7e57000-0000-4000-8000-000000000007''',
    forbidden.assignment
  ),
  '42501', null,
  forbidden.rule
)
from (
  values
    ('status = ''published''', 'an author can not publish'),
    ('business_id = ''b7e57000-0000-4000-8000-000000000002''',
      'an author can not move a review to another business'),
    ('reviewer_id = ''a7e57000-0000-4000-8000-000000000002''',
      'an author can not give a review away'),
    ('verification_type = ''receipt''', 'an author can not verify the own review'),
    ('sentiment_score = 1', 'an author can not set the sentiment'),
    ('topics = ''{a}''', 'an author can not set the topics'),
    ('created_at = now()', 'an author can not win time by a new date'),
    ('published_at = now()', 'an author can not date the publication'),
    ('edited_at = null', 'an author can not hide an edit'),
    ('deleted_at = now()', 'an author can not set the date of deletion'),
    ('id = gen_random_uuid()', 'an author can not change the id')
) as forbidden (assignment, rule);
select throws_ok(
  $$ delete from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000007' $$,
  '42501', null,
  'an author can not remove a review for good'
);
reset role;

select results_eq(
  $$
    select content from directory.business_reviews
    where id in ('e7e57000-0000-4000-8000-000000000002', 'e7e57000-0000-4000-8000-000000000005')
    order by id
  $$,
  $$ values ('Zre 2'), ('Zre 5') $$,
  'the old review and the deleted one are as they were'
);

-- each part of what others read sends a published review back
set local role authenticated;
select results_eq(
  $$
    update directory.business_reviews set title = 'Zre'
    where id = 'e7e57000-0000-4000-8000-000000000007' returning status
  $$,
  $$ values ('pending') $$,
  'a new title sends a published review back'
);
reset role;
update directory.business_reviews set status = 'published'
where id = 'e7e57000-0000-4000-8000-000000000007';
set local role authenticated;
select results_eq(
  $$
    update directory.business_reviews set photos = '["https://example.com/1.png"]'
    where id = 'e7e57000-0000-4000-8000-000000000007' returning status
  $$,
  $$ values ('pending') $$,
  'new photos send a published review back'
);
reset role;
update directory.business_reviews set status = 'published'
where id = 'e7e57000-0000-4000-8000-000000000007';
set local role authenticated;
select results_eq(
  $$
    update directory.business_reviews set rating = 5
    where id = 'e7e57000-0000-4000-8000-000000000007' returning status
  $$,
  $$ values ('pending') $$,
  'another number of stars sends a published review back'
);
reset role;

-- others
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is_empty(
  $$
    update directory.business_reviews set rating = 5
    where id = 'e7e57000-0000-4000-8000-000000000003' returning id
  $$,
  'the owner of the business changes no review'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select is_empty(
  $$
    update directory.business_reviews set content = 'Zre moderated'
    where id = 'e7e57000-0000-4000-8000-000000000003' returning id
  $$,
  'a moderator does not change what a user wrote'
);
select throws_ok(
  $$
    update directory.business_reviews set status = 'published'
    where id = 'e7e57000-0000-4000-8000-000000000003'
  $$,
  '42501', null,
  'a moderator decides through the RPC alone'
);
reset role;
set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$
    update directory.business_reviews set rating = 5
    where id = 'e7e57000-0000-4000-8000-000000000003'
  $$,
  '42501', null,
  'a visitor changes no review'
);
reset role;
select is(
  (
    select content || rating from directory.business_reviews
    where id = 'e7e57000-0000-4000-8000-000000000003'
  ),
  'Zre just in time3',
  'the attacked review is as its author left it'
);

select * from finish();
rollback;
