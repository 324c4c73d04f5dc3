-- A plan opens features, until its end, and nothing else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(28);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'member', 'draft') \g /dev/null
insert into directory_internal.business_private (business_id) values (pg_temp.b(1));
create function pg_temp.has(name text, feature text, number int default 1)
returns text
language sql
as $$
  select pg_temp.try(
    has.name, format('select directory.has_feature(%L, %L)', pg_temp.b(number), feature)
  );
$$;

select is(pg_temp.has('member', feature), 'false', format('a free business has no %s', feature))
from unnest(array['analytics', 'advanced_seo', 'api_access']) as feature;
update directory.businesses set subscription_tier = 'premium' where id = pg_temp.b(1);
select is(pg_temp.has('member', feature), 'true', format('a premium one has %s', feature))
from unnest(array['analytics', 'advanced_seo', 'api_access']) as feature;
select is(pg_temp.has(person, 'analytics'), expected, rule)
from (
  values
    ('anon', '42501', 'a visitor is not told'),
    ('other', '42501', 'nor a stranger'),
    ('expired_admin', '42501', 'nor an administrator of yesterday'),
    ('moderator', 'true', 'a moderator is'),
    ('service_role', 'true', 'and the service key')
) as tried (person, expected, rule);
select is(pg_temp.has('member', feature), 'PL150', rule)
from (
  values ('gold', 'an unknown feature is refused'), (null, 'and none'),
    ('manager_limit', 'and a column that is no feature')
) as tried (feature, rule);
select is(pg_temp.has('admin', 'analytics', 9), 'false', 'a business that is none has nothing');

update directory_internal.business_private set premium_features = '{"analytics": false}'
where business_id = pg_temp.b(1);
select is(pg_temp.has('member', 'analytics'), 'false', 'an administrator may take one feature');
select is(pg_temp.has('member', 'api_access'), 'true', 'the others stay');
update directory_internal.business_private set premium_features = '{"analytics": true}'
where business_id = pg_temp.b(1);
update directory.businesses set subscription_tier = 'free' where id = pg_temp.b(1);
select is(pg_temp.has('member', 'analytics'), 'true', 'or give one');
update directory_internal.business_private set premium_features = '{"analytics": "yes"}'
where business_id = pg_temp.b(1);
select is(pg_temp.has('member', 'analytics'), 'false', 'a text is no yes');

update directory.subscription_plans set api_access = true where tier = 'free';
select is(pg_temp.has('member', 'api_access'), 'true', 'what a plan includes is data');
update directory.businesses set subscription_tier = 'elite' where id = pg_temp.b(2);
select is(
  pg_temp.try('anon', format(
    'select count(*) from directory.businesses where id = %L', pg_temp.b(2)
  )),
  '0', 'the best plan makes no draft public'
);
select is(
  pg_temp.try('member', $$update directory.subscription_plans set analytics = true where true$$),
  '42501', 'an owner changes no plan'
);
select is(
  pg_temp.try('anon', $$select count(*) from directory.subscription_plans$$), '3',
  'everybody reads the plans'
);

-- the end of what was paid for
update directory.businesses set subscription_tier = 'premium' where id = pg_temp.b(1);
update directory_internal.business_private
set premium_features = '{}', subscription_valid_until = now() + interval '1 second'
where business_id = pg_temp.b(1);
update directory.subscription_plans set api_access = false where tier = 'free';
select is(pg_temp.has('member', 'api_access'), 'true', 'a feature lasts as long as the period');
update directory_internal.business_private set subscription_valid_until = now()
where business_id = pg_temp.b(1);
select is(pg_temp.has('member', 'api_access'), 'false',
  'it ends with it, before any job has run');
select is((pg_temp.the(1)).subscription_tier, 'premium', 'though the tier still stands');
select is(directory_internal.end_plans(), false, 'the job ends what is over');
select is((select subscription_tier from directory.listings where business_id = pg_temp.b(1)),
  'free', 'and lists show it');

select * from finish();
rollback;
