-- The business answers a review, once, through its owner or a manager, in the own name.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(29);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'), -- reviewer
  ('a7e57000-0000-4000-8000-000000000002'), -- owner
  ('a7e57000-0000-4000-8000-000000000003'), -- manager
  ('a7e57000-0000-4000-8000-000000000004'), -- editor
  ('a7e57000-0000-4000-8000-000000000005'), -- invited manager
  ('a7e57000-0000-4000-8000-000000000006'), -- owner of the rival
  ('a7e57000-0000-4000-8000-000000000007'), -- moderator
  ('a7e57000-0000-4000-8000-000000000008'); -- second reviewer
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000007', 'moderator');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zrr-one', 'Zrr One');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zrr Reviewed', 'Zrrville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zrr Rival', 'Zrrville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000006', 'active');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'manager',
    now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 'editor', now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000005', 'manager', null);
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content, status)
values
  ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 2, 'Zrr published', 'published'),
  ('e7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000008', 2, 'Zrr pending', 'pending'),
  ('e7e57000-0000-4000-8000-000000000003', 'b7e57000-0000-4000-8000-000000000002',
    'a7e57000-0000-4000-8000-000000000001', 2, 'Zrr of the rival', 'published');

-- an attempt to answer, by whoever is the role of the moment
create function pg_temp.answer(review text, business text, responder text)
returns text
language sql
as $$
  select format(
    'insert into directory.business_review_responses (review_id, business_id, content%s)
     values (%L, %L, ''Zrr thanks''%s) returning responder_id',
    case when responder is not null then ', responder_id' end,
    'e7e57000-0000-4000-8000-00000000000' || review,
    'b7e57000-0000-4000-8000-00000000000' || business,
    ', ' || quote_literal('a7e57000-0000-4000-8000-00000000000' || responder)
  );
$$;
grant execute on function pg_temp.answer(text, text, text) to anon, authenticated;

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null, 'a visitor can not answer');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null,
  'the author of a review can not answer it');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null,
  'a rival can not answer in the name of the business');
select throws_ok(pg_temp.answer('1', '2', null), '23503', null,
  'a rival can not answer a review of another business in the own name');
select throws_ok(pg_temp.answer('3', '1', null), '42501', null,
  'a rival can not put words into the mouth of the business anywhere');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null, 'an editor can not answer');
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null,
  'an invitation that is not accepted lets nobody answer');
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000007"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', null), '42501', null,
  'a moderator can not answer for a business');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select throws_ok(pg_temp.answer('1', '1', '3'), '42501', null,
  'an owner can not answer in the name of a manager');
select throws_ok(pg_temp.answer('2', '1', null), '42501', null,
  'a review that is not published can not be answered');
select throws_ok(
  $$
    insert into directory.business_review_responses (review_id, business_id, content, status)
    values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001', 'x',
      'active')
  $$,
  '42501', null,
  'an answer can not bring its status'
);
select results_eq(
  pg_temp.answer('1', '1', null),
  $$ values ('a7e57000-0000-4000-8000-000000000002'::uuid) $$,
  'an owner answers, and the answer carries who gave it'
);
select throws_ok(pg_temp.answer('1', '1', null), '23505', null, 'a review is answered once');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select results_eq(
  $$
    update directory.business_review_responses set content = 'Zrr better'
    where review_id = 'e7e57000-0000-4000-8000-000000000001' returning content, responder_id
  $$,
  $$ values ('Zrr better', 'a7e57000-0000-4000-8000-000000000003'::uuid) $$,
  'a manager corrects the answer, and the words are then the manager''s, not the owner''s'
);
select throws_ok(
  format(
    'update directory.business_review_responses set %s
     where review_id = ''e7e57000-0000-4000-8000-000000000001''',
    forbidden.assignment
  ),
  '42501', null,
  forbidden.rule
)
from (
  values
    ('status = ''hidden''', 'a manager can not set the status of an answer'),
    ('responder_id = ''a7e57000-0000-4000-8000-000000000003''',
      'a manager can not take over an answer'),
    ('review_id = ''e7e57000-0000-4000-8000-000000000002''',
      'a manager can not move an answer to another review'),
    ('business_id = ''b7e57000-0000-4000-8000-000000000002''',
      'a manager can not move an answer to another business')
) as forbidden (assignment, rule);
select throws_ok(
  $$ delete from directory.business_review_responses where true $$,
  '42501', null,
  'nobody removes an answer for good'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select is_empty(
  $$
    update directory.business_review_responses set content = 'Zrr hacked'
    where review_id = 'e7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'a rival changes no answer'
);
select results_eq(
  pg_temp.answer('3', '2', '6'),
  $$ values ('a7e57000-0000-4000-8000-000000000006'::uuid) $$,
  'the owner of the rival answers the review of the rival'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select is_empty(
  $$
    update directory.business_review_responses set content = 'Zrr edited'
    where review_id = 'e7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'an editor changes no answer'
);
reset role;

-- who sees it
set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$
    select content from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('Zrr better') $$,
  'everyone reads the answer to a published review'
);
reset role;
update directory.business_reviews set status = 'hidden'
where id = 'e7e57000-0000-4000-8000-000000000001';
set local role anon;
select is_empty(
  $$
    select 1 from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'the answer is hidden with its review'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select isnt_empty(
  $$
    select 1 from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'who looks after the business still reads its answer'
);
reset role;
update directory.business_reviews set status = 'published'
where id = 'e7e57000-0000-4000-8000-000000000001';
update directory.business_review_responses set status = 'hidden'
where review_id = 'e7e57000-0000-4000-8000-000000000001';
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select is_empty(
  $$
    select 1 from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'a hidden answer is not read by others'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000007"}';
set local role authenticated;
select isnt_empty(
  $$
    select 1 from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'a moderator reads a hidden answer'
);
reset role;
update directory.business_review_responses set status = 'active'
where review_id = 'e7e57000-0000-4000-8000-000000000001';
update directory.businesses set status = 'suspended'
where id = 'b7e57000-0000-4000-8000-000000000001';
set local request.jwt.claims = '{}';
set local role anon;
select is_empty(
  $$
    select 1 from directory.business_review_responses
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'the answers of a suspended business are hidden with it'
);
reset role;
delete from auth.users where id = 'a7e57000-0000-4000-8000-000000000003';
select results_eq(
  $$
    select content, responder_id from directory.business_review_responses
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('Zrr better', null::uuid) $$,
  'an answer stays when the account of who gave it goes'
);

select * from finish();
rollback;
