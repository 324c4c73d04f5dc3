-- An owner edits the entry. Tier, verification, score, status, feature and ownership are nobody's
-- to give oneself.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(54);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002');
insert into directory.categories (id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', 'zqo-one', 'Zqo One'),
  ('c7e57000-0000-4000-8000-000000000002', 'zqo-two', 'Zqo Two');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, owner_id,
  status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'zqo-own', 'Zqo Own', 'Zqoville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'zqo-other', 'Zqo Other', 'Zqoville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'active'),
  ('b7e57000-0000-4000-8000-000000000003', 'zqo-gone', 'Zqo Gone', 'Zqoville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'deleted');

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;

select throws_ok(
  format('update directory.businesses set %s where slug = %L', forbidden.assignment, 'zqo-own'),
  '42501', null,
  forbidden.rule
)
from (
  values
    ('subscription_tier = ''elite''', 'an owner can not give the business a tier'),
    ('featured_until = ''2100-01-01''', 'an owner can not feature the business'),
    ('verification_status = ''verified''', 'an owner can not verify the business'),
    ('verification_date = now()', 'an owner can not date a verification'),
    ('trust_signals = ''{"award": 1}''', 'an owner can not set marks of trust'),
    ('phone_verified = true', 'an owner can not verify the telephone'),
    ('email_verified = true', 'an owner can not verify the e-mail address'),
    ('status = ''draft''', 'an owner can not change the status'),
    ('published_at = now()', 'an owner can not date the publication'),
    ('suspended_at = null', 'an owner can not lift a suspension'),
    ('suspended_until = now()', 'an owner can not end a suspension'),
    ('deleted_at = now()', 'an owner can not delete the entry by its date'),
    ('owner_id = ''a7e57000-0000-4000-8000-000000000002''', 'an owner can not give the entry away'),
    ('owner_id = null', 'an owner can not leave the entry without an owner'),
    ('claimed_at = now()', 'an owner can not date a claim'),
    ('slug = ''zqo-better''', 'an owner can not change the address of the entry'),
    ('id = gen_random_uuid()', 'an owner can not change the id'),
    ('created_at = now()', 'an owner can not change when the entry was made'),
    ('updated_at = now()', 'an owner can not choose the date of the update')
) as forbidden (assignment, rule);

select throws_ok(
  format(
    'update directory.business_stats set %I = 5 where business_id = %L',
    forbidden.name, 'b7e57000-0000-4000-8000-000000000001'
  ),
  '42501', null,
  format('an owner can not write %s', forbidden.name)
)
from unnest(
  array['quality_score', 'review_count', 'rating_total', 'view_count', 'click_count', 'save_count']
) as forbidden (name);

select throws_ok(
  $$ delete from directory.businesses where slug = 'zqo-own' $$,
  '42501', null,
  'an owner can not remove the entry for good'
);

select isnt_empty(
  $$
    update directory.businesses
    set name = 'Zqo New', description = 'New', short_description = 'New',
      primary_category_id = 'c7e57000-0000-4000-8000-000000000002', tags = '{new}',
      phone = '512 555 0100', email = 'new@example.com', website = 'https://example.com',
      address_line_1 = '1', address_line_2 = '2', city = 'Newtown', state = 'CA', zip_code = '9',
      country = 'Canada', longitude = 1, latitude = 2, service_area_radius_miles = 3,
      time_zone = 'America/Chicago', business_hours = '{"mon": []}', special_hours = '{}',
      year_established = 1999, employee_count = '1-9', logo_url = 'https://example.com/l',
      cover_image_url = 'https://example.com/c', gallery = '[1]', video_urls = '[2]',
      brand_colors = '{"a": 1}', social_media = '{"a": 1}', external_platforms = '{"a": 1}',
      meta_title = 't', meta_description = 'd', meta_keywords = '{k}',
      custom_attributes = '{"a": 1}'
    where slug = 'zqo-own'
    returning id
  $$,
  'an owner writes every column that describes the business'
);
select results_eq(
  $$ select name, city from directory.businesses where slug = 'zqo-own' $$,
  $$ values ('Zqo New', 'Newtown') $$,
  'what an owner writes is kept'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqo Stolen' where slug = 'zqo-other' returning id $$,
  'an owner changes no business of someone else'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqo Back' where slug = 'zqo-gone' returning id $$,
  'an owner changes no deleted business'
);
select isnt_empty(
  $$ select 1 from directory.businesses where slug = 'zqo-gone' $$,
  'an owner still sees the deleted business'
);

select results_eq(
  $$
    insert into directory.businesses (name, city, state, primary_category_id)
    values ('Zqo Fresh', 'Zqoville', 'TX', 'c7e57000-0000-4000-8000-000000000001')
    returning owner_id, status, subscription_tier, verification_status, slug
  $$,
  $$
    values ('a7e57000-0000-4000-8000-000000000001'::uuid, 'draft', 'free', 'pending',
      'zqo-fresh-zqoville')
  $$,
  'a new entry belongs to who makes it, and is an unverified free draft'
);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values ('Zqo Forged', 'Zqoville', 'TX', 'c7e57000-0000-4000-8000-000000000001',
      'a7e57000-0000-4000-8000-000000000002')
  $$,
  '42501', null,
  'nobody makes an entry in the name of someone else'
);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, owner_id)
    values ('Zqo Nobody', 'Zqoville', 'TX', 'c7e57000-0000-4000-8000-000000000001', null)
  $$,
  '42501', null,
  'nobody makes an entry without an owner'
);
select throws_ok(
  format(
    'insert into directory.businesses (name, city, state, primary_category_id, %I)
     values (''Zqo Rich'', ''Zqoville'', ''TX'', ''c7e57000-0000-4000-8000-000000000001'', %L)',
    forbidden.name, forbidden.value
  ),
  '42501', null,
  forbidden.rule
)
from (
  values
    ('status', 'active', 'a new entry can not begin active'),
    ('subscription_tier', 'elite', 'a new entry can not begin with a tier'),
    ('verification_status', 'verified', 'a new entry can not begin verified'),
    ('featured_until', '2100-01-01', 'a new entry can not begin featured'),
    ('slug', 'zqo-taken', 'a new entry can not choose its address'),
    ('published_at', '2020-01-01', 'a new entry can not date its publication'),
    ('trust_signals', '{}', 'a new entry can not bring marks of trust'),
    ('phone_verified', 'true', 'a new entry can not begin with a verified telephone'),
    ('id', 'b7e57000-0000-4000-8000-0000000000aa', 'a new entry can not choose its id')
) as forbidden (name, value, rule);
reset role;

select results_eq(
  $$
    select name, owner_id, status, subscription_tier
    from directory.businesses where slug = 'zqo-other'
  $$,
  $$ values ('Zqo Other', 'a7e57000-0000-4000-8000-000000000002'::uuid, 'active', 'free') $$,
  'the business of someone else is as it was'
);
select is(
  (select name from directory.businesses where slug = 'zqo-gone'), 'Zqo Gone',
  'the deleted business is as it was'
);

-- a stranger and a visitor
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is_empty(
  $$ update directory.businesses set name = 'Zqo Hacked' where slug = 'zqo-own' returning id $$,
  'a stranger changes nothing'
);
select is_empty(
  $$
    update directory.businesses set name = 'Zqo Hacked'
    where id in ('b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000003')
    returning id
  $$,
  'a stranger who knows the ids changes nothing'
);
reset role;
set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ update directory.businesses set name = 'Zqo Hacked' where slug = 'zqo-own' $$,
  '42501', null,
  'a visitor can not change a business'
);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id)
    values ('Zqo Anon', 'Zqoville', 'TX', 'c7e57000-0000-4000-8000-000000000001')
  $$,
  '42501', null,
  'a visitor can not make a business'
);
select throws_ok(
  $$ delete from directory.businesses where slug = 'zqo-own' $$,
  '42501', null,
  'a visitor can not remove a business'
);
reset role;
-- a signed-in role without a session is nobody
set local request.jwt.claims = '{}';
set local role authenticated;
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id)
    values ('Zqo Ghost', 'Zqoville', 'TX', 'c7e57000-0000-4000-8000-000000000001')
  $$,
  '42501', null,
  'a token without a subject makes no business'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqo Ghost' where slug = 'zqo-own' returning id $$,
  'a token without a subject changes no business'
);
reset role;
select is(
  (select name from directory.businesses where slug = 'zqo-own'), 'Zqo New',
  'the attacked business is as its owner left it'
);

-- the policy behind the grants: were the column granted, taking the row away from oneself would
-- pass, making someone else the owner at birth would not
select is(
  (
    select string_agg(privilege_type, ',' order by privilege_type)
    from information_schema.role_column_grants
    where table_schema = 'directory' and table_name = 'businesses' and column_name = 'owner_id'
      and grantee = 'authenticated'
  ),
  'INSERT,SELECT',
  'the owner is written at birth and never after'
);

select * from finish();
rollback;
