//! The specification of identity words, as tables: a name, and what it tells.

use super::*;

/// `-` for nothing.
fn id(category: Option<Category>) -> &'static str {
    category.map_or("-", Category::id)
}

fn check_fields(subject: Subject, rows: &str) {
    let wrong: Vec<String> = rows
        .lines()
        .filter_map(|row| row.split_once(':'))
        .flat_map(|(expected, names)| names.split_whitespace().map(move |name| (expected.trim(), name)))
        .filter_map(|(expected, name)| {
            let found = id(Words::embedded().field(name, subject));
            (found != expected).then(|| format!("{name}: {found}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{subject:?}\n{}", wrong.join("\n"));
}

fn check_reads(rows: &str) {
    let mut wrong = Vec::new();
    for (expected, chains) in rows.lines().filter_map(|row| row.split_once(':')) {
        for chain in chains.split_whitespace() {
            let mut receivers: Vec<&str> = chain.split('.').collect();
            let key = receivers.pop().unwrap_or_default();
            let found = id(Words::embedded().read(&receivers, key));
            if found != expected.trim() {
                wrong.push(format!("{chain}: {found}, not {}", expected.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check_names(test: impl Fn(&str) -> bool, yes: &str, no: &str) {
    let wrong: Vec<&str> = yes.split_whitespace().filter(|name| !test(name)).collect();
    assert!(wrong.is_empty(), "should hold: {wrong:?}");
    let wrong: Vec<&str> = no.split_whitespace().filter(|name| test(name)).collect();
    assert!(wrong.is_empty(), "should not hold: {wrong:?}");
}

#[test]
fn payload_keys_and_variables() {
    check_fields(
        Subject::Unknown,
        "
        email: email userEmail user_email $email customer-email EMAIL emailAddress eMail e_mail contactEmail emails
        email: primaryEmailAddress workEmail emailValue emailLowercase emailList email2 toEmail createdByEmail
        email: invitedByEmail emailOfUser useremail correo courriel normalizedEmail customerEmailAddress
        name: firstName first_name firstname FirstName lastname given_name familyName lname fname fullName full_name
        name: displayName customerName customer_name authorName ownerName patientName vorname nachname prenom apellido
        name: cognome voornaam nazwisko memberFullName recipientName senderName assigneeName createdByName surname
        username: username userName user_name user-name USERNAME loginName ensName twitterHandle nickname
        username: customerLogin nickName
        phone: phone phoneNumber phone_number mobilePhone telephone userPhone customerPhoneNumber telefoon telefono
        phone: contactNumber workPhone phoneE164
        address: street streetAddress addressLine1 address_line_2 postalCode zipCode shippingAddress billing_address
        address: homeAddress customerAddress postcode shippingZip plz
        location: latitude longitude lat lng geolocation userCity customerCountry geo_city shippingCity userLocation
        ip-address: ip ipAddress ip_address clientIp clientIP remoteAddr userIp x-forwarded-for remoteAddress $ip
        ip-address: cf-connecting-ip X-Real-IP ipv4
        referrer: referrer gclid fbclid referringUrl referring_domain $initial_referrer documentReferrer referer
        user-agent: userAgent user_agent browser browserName browser_version os osVersion deviceModel $browser
        user-agent: userAgentString
        user-id: userId user_id userID userid USER_ID uid customerId customer_id memberId distinct_id distinctId
        user-id: externalId createdBy created_by ownerId authorId recipientId accountId account_id patientId studentId
        user-id: invitedBy assignedTo currentUserId user_uuid userUuid employeeNumber customerNumber profileId
        user-id: createdById contactId leadId viewerId userIds googleId ownerIds auth_uid adminId
        organization: companyName company_name orgName org_name orgId organizationId organization_id workspaceSlug
        organization: tenantId teamId team_name company organization workspace workspaceId orgSlug org_id tenant
        organization: brandName employerName merchantId currentOrgId orgname companyDomain organizationIds
        device-id: deviceId device_id anonymousId anonymous_id visitorId idfa installationId machineId
        device-id: deviceFingerprint
        device-id: macAddress pushToken browserFingerprint fcmToken
        session-id: sessionId session_id sessionID
        birth-date: dob dateOfBirth birthDate birthday birth_year geburtsdatum userBirthday birthDay
        demographic: gender jobTitle maritalStatus nationality userAge occupation customerTitle
        government-id: ssn socialSecurityNumber passportNumber taxId nationalId cpf driversLicense userSsn
        payment: cardNumber creditCard cvv iban accountNumber bankAccount routingNumber creditCardNumber
        credential: password accessToken apiKey licenseKey clientSecret secret jwt sessionToken refresh_token passwd
        credential: resetToken encryptionKey userPassword newPassword currentPassword userToken authToken idToken
        health: diagnosis medication bloodPressure heartRate medicalRecordNumber allergies symptoms
        content: feedbackText searchQuery search_term userMessage prompt feedback chatMessage commentText bio
        content: userPrompt userInput customerNote
        crypto-address: walletAddress wallet_address ethAddress solanaAddress accountAddress
        ",
    );
    check_fields(
        Subject::Unknown,
        "
        -: emailTemplate emailVerified emailDomain emailCount emailSent emailOptIn email_enabled isEmailValid hasEmail
        -: fingerprint
        -: sendEmail showEmail resetPassword emailType emailProvider marketingEmail newsletterEmail notificationEmails
        -: emailError emailInput emailRegex emailSchema emailId supportEmail emailHash hashedEmail maskedEmail
        -: nameLength userNameInput fileName filename planName eventName className hostName hostname componentName
        -: productName projectName name title id key address number login handle city country status label
        -: fieldName tableName campaignName roleName courseName badgeName screenTitle pageTitle pageName eventId
        -: projectId planId productId orderId itemId componentId templateId requestId traceId fileId postId
        -: tokenName tokenCount tokens token inputTokens promptTokens maxTokens totalTokens tokenAddress
        -: message errorMessage error_message commitMessage query value text description note comment logMessage
        -: utm_source utm_campaign url path href pathname search method type kind
        -: userType userRole userPlan userCount userSettings isUser isAdmin userStatus users user usersCount numUsers
        -: ipHash maskedIp anonymizedIp serverIp ipCount phoneVerified hasPhone phoneCount isMobile mobile
        -: passwordStrength passwordLength showPassword hasPassword passwordReset emailVerifiedAt lastLoginAt
        -: createdAt
        -: sessionCount sessionDuration deviceCount deviceType companySize companyType teamSize teamRole
        -: encryptedEmail sha256Email emailSha256 user_email_hash hasUserId userIdHash hashedUserId
        -: referrerCount queryKey cacheKey publishableKey contractAddress memberCount orderNumber invoiceNumber
        -: zip state region age weight height position level score duration count total length
        -: cancelToken abortController screenName systemPrompt lastLogin checkoutSessionId withCredentials macOS
        -: redisUsername cloudAccountId awsAccountId getEmail useEmail getChatMessages userAgentParser
        -: setUserId onUserEmailChange handleEmail validateEmail
        -: nameless identification emailing phoneme personality filenames ownership companionship
        ",
    );
}

#[test]
fn traits_of_a_person() {
    check_fields(
        Subject::Person,
        "
        name: name firstName displayName first last Name $name full_name nombre nom
        user-id: id ID uuid uid userId sub key
        demographic: title age gender job_title sex
        location: city country region location country_code
        address: address zip street
        phone: phone mobile tel number
        username: login handle username slug
        organization: company companyName company_id organization employer team orgId
        content: bio message note about feedback
        credential: token pin password
        email: email mail
        health: weight height
        user-agent: browser os device
        -: plan planName role status createdAt created_at isAdmin fileName projectName campaignName avatar type
        -: emailVerified locale theme settings count planId roleId color_name preferredLanguage signupSource
        -: company_size
        -: nameLength emailHash tokens
        ",
    );
}

#[test]
fn traits_of_a_group_and_of_things() {
    check_fields(
        Subject::Organization,
        "
        organization: name id slug title domain companyName orgId organization_id key website
        email: email ownerEmail billingEmail
        name: ownerName adminName
        -: plan planName seats employees phone city industry createdAt tokens address status
        ",
    );
    let rows = "email: email userEmail\nname: userDisplayName firstName\n-: name id title uid displayName";
    check_fields(Subject::Thing, rows);
}

#[test]
fn property_reads() {
    check_reads(
        "
        email: user.email email session.user.email x.email template.email data.email form.values.email req.body.email
        email: user.emailAddresses createdBy.email org.ownerEmail params.email user.primaryEmailAddress.emailAddress
        name: user.name currentUser.name session.user.name customer.name profile.name user.profile.name data.user.name
        name: useUser.data.name getUser.name user.attributes.name user.user_metadata.name user.displayName me.name
        name: user.name.first patient.name.given x.firstName author.name users.name user.first owner.displayName
        name: state.profile.name team.members.name account.user.name teamMember.name settings.user.name userData.name
        name: UserModel.name UserDto.name IUser.name CustomerType.name user.fullName accountOwner.name x.full_name
        name: newContact.LastName user.NAME usersById.name
        username: user.login user.username author.handle x.username user.userName
        user-id: user.id recipient.id user.uuid customer.id me.id session.user.id params.userId x.customerId user.uid
        user-id: session.userId token.sub claims.sub account.id profile.id member.user.id message.author.id auth.uid
        user-id: users.id user.sub order.customerId order.customer.id project.owner.id post.createdBy
        organization: org.id org.name organization.name workspace.slug company.name team.name tenant.id user.company
        organization: user.company.name user.organization.id companyProfile.name company.profile.name team.title
        organization: x.orgId x.organizationId currentOrg.name user.team organization.displayName
        session-id: session.id req.sessionID x.sessionId
        device-id: device.id x.deviceId visitor.id
        payment: card.number payment.card.cvc user.iban
        location: geo.city user.city user.location user.address.city req.cf.country address.country position.coords
        location: coords.latitude user.country
        address: user.address user.address.street customer.shipping.zip user.address.line1 user.zip
        ip-address: req.ip socket.remoteAddress req.headers.x-forwarded-for
        referrer: document.referrer req.headers.referer
        user-agent: navigator.userAgent req.headers.user-agent device.model browser.version
        credential: user.password session.token user.token req.headers.authorization x.accessToken req.headers.cookie
        crypto-address: wallet.address x.walletAddress
        demographic: user.title user.age patient.gender employee.jobTitle
        content: user.bio feedback.message chat.message ticket.message x.searchQuery user.message
        phone: user.phone user.mobile user.number newContact.Phone customer.phoneNumber
        birth-date: user.dob patient.birthDate
        ",
    );
    check_reads(
        "
        -: file.name plan.name project.name event.name Component.displayName WrappedComponent.displayName token.name
        -: product.name x.name name.length data.name values.name id key params.id item.id project.id event.id
        -: config.name
        -: user.settings.name user.plan.name user.plan.id user.role.name user.role user.subscription.id
        -: userSettings.name
        -: error.message commit.message e.message x.message x.query token.symbol session.name cache.key
        -: errors.email touched.email icons.phone routes.user labels.email notifications.email
        -: formState.errors.password
        -: Scopes.EMAIL process.env.API_KEY FIELDS.EMAIL user.emailVerified user.isAdmin user.email.length
        -: users.length
        -: user.createdAt user.name.length fn.name err.name location.state user.state response.status user.status
        -: Input.Password ChannelType.Email DefaultAuthor.USERNAME repository.full_name pod.uid user.lastLogin
        -: self.region
        -: spec.fingerprint checkoutSession.id x.getEmail keys.extractTenantId inferenceProfile.name
        -: selectors.cardNumber
        -: z.email form.title page.title document.title app.name cache.uid template.slug country.name
        -: region.name city.name
        -: device.type user.emailHash org.plan org.phone usage.tokens user.tokens settings.key x.displayName
        -: x.os x.browser
        -: theme.name user.locale route.name input.name e.target.name field.name x.title x.address contract.address
        -: org.settings.name user.foo.name userRole.name userCount.id user.keys user.user user.company.plan
        ",
    );
}

#[test]
fn subjects() {
    let rows = [
        (
            Subject::Person,
            "user users currentUser sessionUser req.user customer settingsUser getUser useCurrentUser me profile author
            useSession().data?.user userData user_profile usersById patient teamMember newUser user2 viewer createdBy
            account selectCurrentUser userInfo data.user IUser UserDto loggedInUser accountOwner userRef.current",
        ),
        (
            Subject::Organization,
            "org workspace tenant brand company team organization currentWorkspace orgs companyProfile useTeam teams
            activeOrganization user.company",
        ),
        (
            Subject::Thing,
            "file plan project event Component token product region userSettings companySettings projectUserRole
            planData
            WrappedComponent user.plan files appConfig eventTracker userQuery emailTemplate userService",
        ),
        (Subject::Unknown, "x data value current foo userId isUser hasUser users.length params e i userBy.foo bar.baz"),
    ];
    let mut wrong = Vec::new();
    for (expected, names) in rows {
        for name in names.split_whitespace() {
            let found = Words::embedded().subject(name);
            if found != expected {
                wrong.push(format!("{name}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whole_records() {
    check_names(
        |name| Words::embedded().names_person(name),
        "user currentUser profile customer users userData me account authUser patient student userInfo sessionUser
        userProfile user_profile newUser person userRecord selectedCustomer employee current_user.data session.user
        me.data
        response.profile",
        "userId users.length isUser hasUser userCount userSettings userAgent admin owner guest createdBy getUser setUser
        data event org company emailUserTemplate userInput userHash userName userEmail userService userRole deleteUser x
        member userSchema user.id user.name user.first session.user.plan user.settings DATABASE_USER USER
        userFields recipientSigned connectAccount inferenceProfile claims visitor company.profile traceOperator",
    );
}

#[test]
fn types_of_records() {
    check_names(
        |name| Words::embedded().types_person(name),
        "User IUser UserDto UserModel Customer Member Admin SessionUser UserProfile UserEntity TUser Patient Viewer",
        "Plan UserSettings UserRole UserId UserService Organization UserController HttpClient Component string
        UserPlan",
    );
}

#[test]
fn values_that_cannot_identify() {
    check_names(
        |name| Words::embedded().names_boolean(name),
        "isUser hasEmail canEdit shouldNotify emailEnabled phoneVerified emailVerified optIn emailOptIn count length
        total
        numUsers userCount emailLength is_admin marketing_opt_in emailSent wasInvited verified createdAt showEmail
        totalUsers number_of_users consent",
        "island email user issue hash canvas phoneNumber userId country account counter discount emailAddress history
        totalizer format updated created sent matches users removed emailAt2 index2 checked",
    );
    check_names(
        |name| Words::embedded().names_pseudonym(name),
        "emailHash hashedEmail maskedIp anonymizedEmail redact redactEmail sha256 sha256Hex md5 md5Email hmac encrypted
        encryptEmail hash hashString email_hash createHash maskPhone pseudonymizeId scrubPii userIdHash",
        "anonymousId fingerprint email hashtag hashMap deviceId shape decryptor unhashable user sharedId cyrillic",
    );
}

#[test]
fn functions_that_pass_their_arguments() {
    check_names(
        |name| Words::embedded().passes_arguments(name),
        "formatEmail normalizePhone trim toLower toLowerCase encode stringify serialize snakeify camelize _.camelCase
        safeStringify deepClone slugify sanitizeName buildTraits escapeHtml qs.stringify toString parseUser",
        "get fetch find load is has count getUser isEmail hashEmail maskEmail hasUser formatEmailDomain emailCount track
        validateEmail fetchUser toEmailDomain anonymizeUser",
    );
}

#[test]
fn calls() {
    let rows = [
        (
            "person-object",
            "getCurrentUser useUser currentUser getUserById fetchUser useGetUserQuery selectCurrentUser loadProfile
            useMe
            useCurrentUser auth.getUser findUserByEmail requireUser getCustomer useAccount getUsers getAuthenticatedUser
            getUserSync",
        ),
        ("email", "getUserEmail getEmail useEmail fetchUserEmail extractEmail getPrimaryEmail"),
        ("ip-address", "getClientIp getIp getIpAddress clientIp getRemoteAddress"),
        ("user-id", "getUserId useUserId getDistinctId getCustomerId currentUserId getCurrentUserId"),
        ("session-id", "getSessionId useSessionId"),
        ("device-id", "getDeviceId getAnonymousId getVisitorId getMachineId"),
        ("user-agent", "getUserAgent"),
        ("username", "getUserName getUsername"),
        ("name", "getDisplayName getUserDisplayName getFullName"),
        ("organization", "getOrgId useWorkspaceId getOrganizationName"),
        ("credential", "getAccessToken getApiKey"),
        ("crypto-address", "getWalletAddress"),
        (
            "-",
            "getPlan getName getId useState getUserSettings getUserCount isUser hasEmail setUser updateUser deleteUser
            findById findByEmail getByUserId hashEmail getHashedEmail email phone getOrg useTeam getMessage getToken
            useQuery useUserContext sendEmail z.email identify getUserRole createUserId",
        ),
    ];
    let mut wrong = Vec::new();
    for (expected, names) in rows {
        for name in names.split_whitespace() {
            let found = id(Words::embedded().call(name));
            if found != expected {
                wrong.push(format!("{name}: {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_users_own_words_add_to_the_embedded_ones() {
    let own = "
        nothing = [\"display name\"]
        [category.user-id]
        always = [\"badge number\"]
        [subject]
        person = [\"pupil\"]
    ";
    let words = Words::embedded().with(own).expect("valid");
    assert_eq!(words.field("badgeNumber", Subject::Unknown), Some(Category::UserId));
    assert_eq!(words.read(&["pupil"], "name"), Some(Category::Name));
    assert_eq!(words.field("displayName", Subject::Person), None);
    assert_eq!(words.field("email", Subject::Unknown), Some(Category::Email));
    assert_eq!(Words::embedded().read(&["pupil"], "name"), None);
    let error = words.with("[category.emial]\nalways = []").expect_err("no such category");
    assert!(error.to_string().contains("emial"), "{error}");
}

#[test]
fn no_name_is_too_strange() {
    let long = "email".repeat(1000);
    for name in ["", ".", "$", "__proto__", "ñ", "😀", "1", "user.", ".user", "of", "by", "constructor", long.as_str()]
    {
        let words = Words::embedded();
        let _ = (words.subject(name), words.call(name), words.names_person(name), words.passes_arguments(name));
        let _ = (words.field(name, Subject::Person), words.read(&[name, "user"], name));
    }
}
