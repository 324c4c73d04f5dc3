-- What ends when a business changes hands, however it does: by token, by an administrator, or
-- because the owner's account was deleted. Nothing that the former owner began gives them, or the
-- badge they earned, a way back.

-- Definer: nobody who changes an owner may write what ends with it.
create function directory_internal.end_with_owner()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if new.owner_id is distinct from old.owner_id then
    perform directory_internal.cancel_claims(new.id, array['claim', 'transfer']);
    update directory_internal.business_invitations as invitations
    set status = 'revoked', answered_by = auth.uid(), answered_at = now()
    where invitations.business_id = new.id and invitations.status = 'open';
    delete from directory.business_managers
    where business_managers.business_id = new.id and business_managers.user_id = new.owner_id;
    -- papers of one person are not for the next
    update directory_internal.business_private
    set verification_documents = '[]'
    where business_private.business_id = new.id
      and old.owner_id is not null
      and business_private.verification_documents <> '[]';
  end if;
  if new.owner_id is distinct from old.owner_id or new.verification_status <> 'pending' then
    update directory_internal.business_verifications as verifications
    set status = 'ended', decided_by = auth.uid(), decided_at = now()
    where verifications.business_id = new.id and verifications.status = 'waiting';
  end if;
  return null;
end;
$$;

comment on function directory_internal.end_with_owner() is
  'Trigger function, after update of owner or verification: ends claims, transfers, invitations, '
  'papers and requests of the former owner, and a request that was decided by hand.';

create function directory_internal.unverify_with_owner()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  -- a badge that came with an import stays when the business is claimed: no owner earned it
  if old.owner_id is not null
    and new.verification_status = 'verified'
    and old.verification_status = 'verified'
  then
    new.verification_status := 'unverified';
    new.verification_date := null;
  end if;
  return new;
end;
$$;

comment on function directory_internal.unverify_with_owner() is
  'Trigger function, before update of the owner: the verification of one owner is not that of the '
  'next, so that no badge is for sale.';

create trigger businesses_unverify
  before update on directory.businesses
  for each row
  when (old.owner_id is distinct from new.owner_id)
  execute function directory_internal.unverify_with_owner();

create trigger businesses_end_with_owner
  after update on directory.businesses
  for each row
  when (
    old.owner_id is distinct from new.owner_id
    or old.verification_status is distinct from new.verification_status
  )
  execute function directory_internal.end_with_owner();
