-- Administrators edit every entry that is not deleted; moderators and analysts edit none; what is
-- privileged goes through the RPCs, for them too.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(15);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002'),
  ('a7e57000-0000-4000-8000-000000000003'),
  ('a7e57000-0000-4000-8000-000000000004'),
  ('a7e57000-0000-4000-8000-000000000005'),
  ('a7e57000-0000-4000-8000-000000000006');
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000002', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000003', 'admin', now() + interval '1 hour'),
  ('a7e57000-0000-4000-8000-000000000004', 'super_admin', null),
  ('a7e57000-0000-4000-8000-000000000005', 'admin', now()),
  ('a7e57000-0000-4000-8000-000000000006', 'analyst', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqe-one', 'Zqe One');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, owner_id,
  status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'zqe-draft', 'Zqe Draft', 'Zqeville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft'),
  ('b7e57000-0000-4000-8000-000000000002', 'zqe-gone', 'Zqe Gone', 'Zqeville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'deleted');

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select isnt_empty(
  $$ update directory.businesses set name = 'Zqe By Admin' where slug = 'zqe-draft' returning id $$,
  'an administrator edits the entry of anyone'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqe Revived' where slug = 'zqe-gone' returning id $$,
  'an administrator edits no deleted entry'
);
select throws_ok(
  $$ update directory.businesses set subscription_tier = 'elite' where slug = 'zqe-draft' $$,
  '42501', null,
  'an administrator sets the tier through the RPC alone'
);
select throws_ok(
  $$ update directory.businesses set status = 'active' where slug = 'zqe-draft' $$,
  '42501', null,
  'an administrator sets the status through the RPC alone'
);
select throws_ok(
  $$ delete from directory.businesses where slug = 'zqe-draft' $$,
  '42501', null,
  'not even an administrator removes an entry for good'
);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values ('Zqe Planted', 'Zqeville', 'TX', 'c7e57000-0000-4000-8000-000000000001',
      'a7e57000-0000-4000-8000-000000000001')
  $$,
  '42501', null,
  'not even an administrator makes an entry in the name of someone else'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select isnt_empty(
  $$ update directory.businesses set city = 'Zqetown' where slug = 'zqe-draft' returning id $$,
  'a super administrator edits the entry of anyone'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select isnt_empty(
  $$ select 1 from directory.businesses where slug = 'zqe-draft' $$,
  'a moderator reads a draft'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqe By Mod' where slug = 'zqe-draft' returning id $$,
  'a moderator edits no entry'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select is_empty(
  $$ update directory.businesses set name = 'Zqe Late' where slug = 'zqe-draft' returning id $$,
  'an administrator whose role ends this moment edits nothing'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select is_empty(
  $$ update directory.businesses set name = 'Zqe Analysed' where slug = 'zqe-draft' returning id $$,
  'an analyst edits nothing'
);
reset role;

select results_eq(
  $$ select name, city from directory.businesses where slug = 'zqe-draft' $$,
  $$ values ('Zqe By Admin', 'Zqetown') $$,
  'only what administrators wrote is there'
);

set local request.jwt.claims = '{}';
set local role service_role;
select isnt_empty(
  $$
    update directory.businesses set status = 'active', subscription_tier = 'premium'
    where slug = 'zqe-draft' returning id
  $$,
  'the service key writes what no user may'
);
select throws_ok(
  $$ update directory.business_stats set quality_score = 5 $$,
  '42501', null,
  'not even the service key writes figures that follow from other rows'
);
select throws_ok(
  $$ update directory.listings set popularity = 1 $$,
  '42501', null,
  'not even the service key writes a listing'
);
reset role;

select * from finish();
rollback;
