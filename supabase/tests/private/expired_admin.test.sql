-- Threat: an administrator whose role has ended goes on as before, on an old session.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(14);

insert into directory.categories (id, slug, name)
values (pg_temp.person('category'), 'expired-admin-test', 'Expired admin test');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  (pg_temp.person('draft'), 'Draft', 'Austin', 'TX', pg_temp.person('category'), null, 'draft'),
  (pg_temp.person('active'), 'Active', 'Austin', 'TX', pg_temp.person('category'), null, 'active');
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content)
values (
  pg_temp.person('review'), pg_temp.person('active'), pg_temp.person('member'), 3, 'Waiting.'
);

select pg_temp.act_as('expired_admin');
select is(private.has_role('admin'), false, 'a role that has ended is not held');
select is(
  private.has_any_role(array['admin', 'super_admin']), false,
  'neither is one of several that have all ended'
);
select throws_ok(
  $$insert into directory.categories (slug, name) values ('expired', 'Expired')$$,
  '42501', null, 'an expired administrator can not add a category'
);
-- refused or filtered: what counts is the row
select pg_temp.outcome(
  $$update directory.categories set name = 'x' where slug = 'expired-admin-test'$$
) \g /dev/null
select is(
  (select name from directory.categories where id = pg_temp.person('category')),
  'Expired admin test',
  'an expired administrator can not rename a category'
);
select is_empty(
  $$select 1 from directory.businesses where id = pg_temp.person('draft')$$,
  'an expired administrator does not see the drafts of others'
);
select is_empty(
  $$select 1 from directory.business_reviews where id = pg_temp.person('review')$$,
  'an expired administrator does not see the waiting reviews of others'
);
select throws_ok(
  $$select directory.set_business_status(pg_temp.person('draft'), 'active')$$,
  '42501', null, 'an expired administrator can not publish a business'
);
select throws_ok(
  $$
    select directory.admin_update_business(
      pg_temp.person('active'), '{"subscription_tier": "elite"}'
    )
  $$,
  '42501', null, 'an expired administrator can not set a tier'
);
select throws_ok(
  $$select directory.moderate_review(pg_temp.person('review'), 'publish')$$,
  '42501', null, 'an expired administrator can not decide on a review'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin')$$,
  '42501', null, 'an expired administrator can not renew their own role'
);

-- the same acts by one whose role still counts, so that the refusals above mean something
select pg_temp.act_as('leaving_admin');
select lives_ok(
  $$insert into directory.categories (slug, name) values ('in-force', 'In force')$$,
  'an administrator whose role has not ended yet adds a category'
);
select isnt_empty(
  $$select 1 from directory.businesses where id = pg_temp.person('draft')$$,
  'an administrator whose role has not ended yet sees drafts'
);
select lives_ok(
  $$select directory.set_business_status(pg_temp.person('draft'), 'active')$$,
  'an administrator whose role has not ended yet publishes a business'
);
select lives_ok(
  $$select directory.moderate_review(pg_temp.person('review'), 'publish')$$,
  'an administrator whose role has not ended yet decides on a review'
);

select * from finish();
rollback;
