-- Threat: a token that says more than the table: claims of a role in places that an application may
-- fill, stale claims, settings that look like claims.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(16);

insert into directory.categories (id, slug, name)
values (pg_temp.person('category'), 'forged-claims-test', 'Forged claims test');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values (
  pg_temp.person('draft'), 'Draft', 'Austin', 'TX', pg_temp.person('category'), null, 'draft'
);

select pg_temp.act_as('member');
select set_config('request.jwt.claims', jsonb_build_object(
  'sub', auth.uid(),
  'role', 'authenticated',
  'user_role', 'super_admin',
  'user_roles', array['admin', 'super_admin', 'moderator'],
  'app_metadata', '{"role": "super_admin", "roles": ["admin"], "user_roles": ["admin"]}'::jsonb,
  'user_metadata', '{"role": "super_admin", "user_roles": ["admin"]}'::jsonb,
  'is_super_admin', true
)::text, true) \g /dev/null
select set_config('app.current_user_role', 'super_admin', true) \g /dev/null
select set_config('app.user_roles', 'admin', true) \g /dev/null

select is(private.has_role('super_admin'), false, 'a claim of a role is no role');
select is(
  private.has_any_role(array['moderator', 'admin', 'super_admin']), false,
  'several claims of roles are none either'
);
select throws_ok(
  $$insert into directory.categories (slug, name) values ('forged', 'Forged')$$,
  '42501', null, 'claimed roles do not add a category'
);
select throws_ok(
  $$select directory.set_business_status(pg_temp.person('draft'), 'active')$$,
  '42501', null, 'claimed roles do not publish a business'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin')$$,
  '42501', null, 'claimed roles do not grant one'
);
select is_empty(
  $$select 1 from directory.businesses where id = pg_temp.person('draft')$$,
  'claimed roles do not show the drafts of others'
);

-- the role of the database is what counts, whatever the claims call it
select set_config('request.jwt.claims', jsonb_build_object(
  'sub', auth.uid(), 'role', 'service_role'
)::text, true) \g /dev/null
select set_config('request.jwt.claim.role', 'service_role', true) \g /dev/null
select throws_ok(
  $$select directory.set_business_status(pg_temp.person('draft'), 'active')$$,
  '42501', null, 'the claim service_role without that role does not decide on a business'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'super_admin')$$,
  '42501', null, 'the claim service_role without that role does not grant'
);
select throws_ok(
  $$select ops.set_setting('directory.page_size_maximum', '1')$$,
  '42501', null, 'the claim service_role without that role does not turn a setting'
);
select set_config('request.jwt.claim.role', '', true) \g /dev/null

select pg_temp.act_as('anon');
select set_config('request.jwt.claims', jsonb_build_object(
  'sub', pg_temp.person('admin'), 'role', 'authenticated'
)::text, true) \g /dev/null
select throws_ok(
  $$insert into directory.categories (slug, name) values ('forged', 'Forged')$$,
  '42501', null, 'anon does not act as the administrator whose id it names'
);
select throws_ok(
  $$select directory.set_business_status(pg_temp.person('draft'), 'active')$$,
  '42501', null, 'anon may not call what asks for a role, whatever id it names'
);

select pg_temp.act_as('member');
select set_config('request.jwt.claims', '{"sub": "admin", "role": "authenticated"}', true)
  \g /dev/null
select throws_ok(
  $$select private.has_role('admin')$$,
  '22P02', null, 'an id that is no uuid is an error, not somebody'
);
select set_config('request.jwt.claims', '{"role": "authenticated"}', true) \g /dev/null
select is(private.has_role('admin'), false, 'a token without an id holds no role');
select set_config('request.jwt.claims', '', true) \g /dev/null
select is(private.has_role('admin'), false, 'no token, no role');
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values ('x', 'y', 'z', pg_temp.person('category'), null)
  $$,
  '42501', null, 'without an id nobody owns what they enter'
);

select pg_temp.act_as('admin');
select set_config('request.jwt.claims', jsonb_build_object(
  'sub', auth.uid(), 'role', 'authenticated', 'user_roles', '{}'::text[]
)::text, true) \g /dev/null
select is(
  private.has_role('admin'), true,
  'a token from before the role was granted does not hide it'
);

select * from finish();
rollback;
