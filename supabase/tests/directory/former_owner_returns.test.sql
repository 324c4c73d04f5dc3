-- Threat: whoever sold a business comes back through something that was begun before, or sells the
-- badge along with it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(12);

select pg_temp.enter(1, 'member') \g /dev/null
update directory.businesses set verification_status = 'verified', verification_date = now()
where id = pg_temp.b(1);
insert into directory_internal.business_private (business_id, verification_documents)
values (pg_temp.b(1), '[{"kind": "identity", "path": "passport.pdf"}]');
create temporary table kept (name text primary key, value text);
insert into kept
values ('invitation', pg_temp.try('member', format(
  'select token from directory.invite_business_manager(%L, $q$manager$q$)', pg_temp.b(1)
)));
insert into kept
values ('offer', pg_temp.try('member', format(
  'select directory.offer_business_transfer(%L)', pg_temp.b(1)
)));

select is(
  pg_temp.try('other', format('select directory.accept_business_transfer(%L)',
    (select value from kept where name = 'offer'))),
  pg_temp.b(1)::text, 'the business has a new owner'
);
select is(
  pg_temp.try('member', format('select directory.accept_business_transfer(%L)',
    (select value from kept where name = 'offer'))),
  'PL145', 'the former one does not take it back with the same token'
);
select is(
  pg_temp.try('member', format('select directory.accept_business_invitation(%L)',
    (select value from kept where name = 'invitation'))),
  'PL145', 'nor returns as a manager by an invitation sent to themselves'
);
select is(
  pg_temp.try('member', format('select directory.%s', call)), '42501', format('nor by %s', call)
)
from unnest(array[
  format('set_business_status(%L, $q$deleted$q$)', pg_temp.b(1)),
  format('offer_business_transfer(%L)', pg_temp.b(1)),
  format('renew_business_slug(%L)', pg_temp.b(1)),
  format('boost_business(%L)', pg_temp.b(1))
]) as call;
select is((pg_temp.the(1)).verification_status, 'unverified', 'the badge is not for sale');
select is((pg_temp.the(1)).verification_date, null, 'nor its date');
select is(
  (
    select verification_documents from directory_internal.business_private
    where business_id = pg_temp.b(1)
  ),
  '[]', 'the papers of the former owner are gone'
);
select is(
  pg_temp.try('member', format(
    $$with written as (
        update directory.businesses set name = 'Zqb Mine' where id = %L returning 1
      ) select count(*) from written$$, pg_temp.b(1)
  )),
  '0', 'the former owner edits nothing'
);
delete from auth.users where id = pg_temp.person('other');
select is((pg_temp.the(1)).owner_id, null,
  'when an account is deleted its business stays, without an owner');

select * from finish();
rollback;
