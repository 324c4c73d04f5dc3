-- A user reviews a visible business once, in the own name, and never the own business.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(25);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'), -- reviewer
  ('a7e57000-0000-4000-8000-000000000002'), -- owner
  ('a7e57000-0000-4000-8000-000000000003'), -- manager
  ('a7e57000-0000-4000-8000-000000000004'), -- editor
  ('a7e57000-0000-4000-8000-000000000005'), -- invited
  ('a7e57000-0000-4000-8000-000000000006'); -- administrator
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000006', 'admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zrw-one', 'Zrw One');
insert into directory.businesses (
  id, name, city, state, primary_category_id, owner_id, status, suspended_at
) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zrw Shown', 'Zrwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'active', null),
  ('b7e57000-0000-4000-8000-000000000002', 'Zrw Draft', 'Zrwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'draft', null),
  ('b7e57000-0000-4000-8000-000000000003', 'Zrw Suspended', 'Zrwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'active',
      now()),
  ('b7e57000-0000-4000-8000-000000000004', 'Zrw Other', 'Zrwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active', null);
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'manager',
    now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 'editor', now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000005', 'manager', null);

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw anon')
  $$,
  '42501', null,
  'a visitor can not write a review'
);
reset role;
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw ghost')
  $$,
  '42501', null,
  'a token without a subject can not write a review'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000005', 1,
      'Zrw forged')
  $$,
  '42501', null,
  'nobody writes a review in the name of someone else'
);
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000002', 5, 'Zrw draft')
  $$,
  '42501', null,
  'a draft can not be reviewed'
);
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000003', 5, 'Zrw suspended')
  $$,
  '42501', null,
  'a suspended business can not be reviewed'
);
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-0000000000ff', 5, 'Zrw nowhere')
  $$,
  '42501', null,
  'a business that does not exist is refused like one that is hidden'
);
select throws_ok(
  format(
    'insert into directory.business_reviews (business_id, rating, content, %I)
     values (''b7e57000-0000-4000-8000-000000000001'', 5, ''Zrw'', %L)',
    forbidden.name, forbidden.value
  ),
  '42501', null,
  forbidden.rule
)
from (
  values
    ('status', 'published', 'a review can not publish itself'),
    ('verification_type', 'receipt', 'a review can not verify itself'),
    ('sentiment_score', '1', 'a review can not bring its sentiment'),
    ('topics', '{a}', 'a review can not bring its topics'),
    ('created_at', '2030-01-01', 'a review can not choose when it was written'),
    ('published_at', '2020-01-01', 'a review can not date its publication')
) as forbidden (name, value, rule);

select results_eq(
  $$
    insert into directory.business_reviews (
      business_id, rating, title, content, visit_date, photos, videos, language
    )
    values ('b7e57000-0000-4000-8000-000000000001', 4, 'Zrw', 'Zrw good', current_date, '[]', '[]',
      'en')
    returning reviewer_id, status, published_at
  $$,
  $$
    values ('a7e57000-0000-4000-8000-000000000001'::uuid, 'pending', null::timestamptz)
  $$,
  'a review belongs to who writes it and waits for moderation'
);
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 1, 'Zrw second')
  $$,
  '23505', null,
  'a second review of the same business is refused'
);
select isnt_empty(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000004', 3, 'Zrw elsewhere')
    returning id
  $$,
  'a review of another business is taken'
);
reset role;

update directory.business_reviews set deleted_at = now() where content = 'Zrw good';
set local role authenticated;
select isnt_empty(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 2, 'Zrw anew')
    returning id
  $$,
  'after the first review was deleted a new one is taken'
);
reset role;
select throws_ok(
  $$ update directory.business_reviews set deleted_at = null where content = 'Zrw good' $$,
  '23505', null,
  'a deleted review can not come back beside its successor'
);
-- whatever became of the first, it is the one review
update directory.business_reviews set status = 'rejected' where content = 'Zrw anew';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw again')
  $$,
  '23505', null,
  'a rejected review can not be replaced by writing another'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw own')
  $$,
  '42501', null,
  'an owner can not review the own business'
);
select isnt_empty(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000004', 5, 'Zrw rival')
    returning id
  $$,
  'an owner may review another business'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw managed')
  $$,
  '42501', null,
  'a manager can not review the business in care'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw edited')
  $$,
  '42501', null,
  'an editor can not review the business in care'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select isnt_empty(
  $$
    insert into directory.business_reviews (business_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000001', 5, 'Zrw invited')
    returning id
  $$,
  'an invitation alone, which anyone can be sent, takes away no review'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.business_reviews (business_id, reviewer_id, rating, content)
    values ('b7e57000-0000-4000-8000-000000000004', 'a7e57000-0000-4000-8000-000000000003', 1,
      'Zrw by admin')
  $$,
  '42501', null,
  'not even an administrator writes a review in the name of someone else'
);
reset role;

select results_eq(
  $$
    select substr(content, 5) from directory.business_reviews where content like 'Zrw%'
    order by content
  $$,
  $$ values ('anew'), ('elsewhere'), ('good'), ('invited'), ('rival') $$,
  'only the reviews that were allowed are there'
);

select * from finish();
rollback;
