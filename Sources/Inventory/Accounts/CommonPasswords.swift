/// The passwords that are tried first, because so many people have them: those of at least 8
/// characters among the ones that are published again and again, and what suggests itself here.
enum CommonPasswords {
    /// Whether the password is one of them, be its letters large or small.
    static func contains(_ password: String) -> Bool {
        all.contains(password.lowercased())
    }

    private static let all = Set(
        """
        00000000 01234567 012345678 0123456789 09876543 098765432 0987654321 100200300 10101010
        10203040 1020304050 11111111 11112222 111222333 11223344 1122334455 112233445566
        12121212 12312312 123123123 123123123123 123321123 12341234 12344321 1234512345
        123454321 123456123 123456123456 12345678 123456789 1234567890 1234567890a 1234567891
        12345678910 123456789a 123456789q 123456abc 123456qwerty 12345abc 12345qwert 1234abcd
        1234qwer 1234qwerasdf 123abc123 123qwe123 123qweasd 123qweasdzxc 12qwaszx 13579246
        135792468 147258369 147852369 14789632 159357159 159753456 19871987 19901990 1a2b3c4d
        1q2w3e4r 1q2w3e4r! 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qaz@wsx 1qazxsw2
        1z2x3c4v 20202020 22222222 246813579 31415926 3141592654 321321321 33333333 369258147
        44444444 456456456 55555555 66666666 741852963 77777777 789456123 789789789 87654321
        88888888 963852741 987654321 9876543210 99999999 a1234567 a12345678 a123456789 a1b2c3d4
        a1b2c3d4e5 aa123456 aa12345678 aaaaaaaa aaaaaaaaaa aabbccdd abc12345 abc123456 abc123abc
        abcabcabc abcd1234 abcd12345 abcd123456 abcdef123 abcdefg1 abcdefgh abcdefghi admin123
        admin123! admin1234 admin12345 admin123456 admin@123 adminadmin administrator
        administrator1 alexander alexander1 alexandra america1 american1 andrew123 android1
        angel123 angel1234 angelina anthony1 anthony123 anything arsenal1 arsenal123 asd123asd
        asdasdasd asdf1234 asdf12345 asdfasdf asdfghjk asdfghjkl asdfjkl; ashley123 assassin
        assassin1 asshole1 australia australia1 autumn2024 autumn2025 autumn2026 azerty123
        azertyuiop babygirl babygirl1 babygirl123 banana123 barcelona barcelona1 baseball
        baseball1 baseball123 basketball basketball1 batman123 beautiful beautiful1 benjamin
        benjamin1 bestfriend bestfriends birthday birthday1 bitch123 blackberry blessed1
        blink182 blueberry bonjour1 bonjour123 boyfriend brasil123 brazil123 budweiser bullshit
        butterfly butterfly1 california california1 carolina carrier1 carrier123 changeit
        changeme changeme! changeme1 changeme123 charlie1 charlie123 cheesecake chelsea1
        chelsea123 chevrolet chocolate chocolate1 christian christian1 christina christine
        christopher cocacola cocacola1 computer computer1 computer123 contrasena contraseña
        cookie123 corinthians corinthians1 corvette corvette1 cowboys1 cruzeiro cupcake1
        daniel123 danielle danielle1 december december1 default1 default123 dolphin1 dolphins
        doudou123 dragon12 dragon123 dragon1234 eagles123 eduardo1 elephant elephant1 elizabeth
        elizabeth1 evanescence facebook facebook1 facebook123 february fernando fernando1
        ferrari1 flamengo flamengo1 football football1 football12 football123 forever1 forever21
        fortnite fortnite1 freedom1 freedom123 friday13 friends1 friends123 friendship fuckyou!
        fuckyou1 fuckyou123 fuckyou2 gabriel1 gabriela gangster gangster1 gateway1 germany1
        girlfriend gladiator godisgood goodbye1 goodluck google123 greenday greenday1 gremio123
        guest123 guest1234 hallelujah happiness happy123 harley123 heavenly hello123 hello1234
        hello12345 hellohello helloworld hockey123 hola1234 hotmail1 hotmail123 hunter12
        hunter123 hurricane ilovegod iloveyou iloveyou! iloveyou1 iloveyou123 iloveyou2
        iloveyou3 iloveyousomuch incorrect instagram internet internet1 invalid1 inventory
        inventory1 inventory123 iphone123 ironman1 isabella isabella1 jackdaniels jennifer
        jennifer1 jessica1 jessica123 jesus123 jesuschrist jonathan jonathan1 jordan123 jordan23
        joshua123 juliana1 juventus juventus1 kangaroo killer12 killer123 lakers24 leopard1
        letmein! letmein1 letmein123 letmeinnow liberty1 lightning linkedin linkedin1
        linkedin123 liverpool liverpool1 login123 login1234 london123 love1234 love12345
        lovelove loveme123 lovers123 loveyou1 macintosh manager1 manager123 manchester manunited
        marcelo1 mariana1 marshmallow master123 master1234 matthew1 matthew123 maverick
        maverick1 mercedes mercedes1 metallica metallica1 michael1 michael123 michelle michelle1
        microsoft microsoft1 midnight midnight1 minecraft minecraft1 minhasenha monday123
        monkey12 monkey123 monkey1234 moonlight motdepasse motorola motorola1 mudar123 mudar@123
        mustang1 mypassword mypassword1 myspace1 newpassword newyork1 newyork123 nicholas
        nicholas1 nintendo nirvana1 nopassword nothing1 november november1 oldpassword operator
        operator1 p@ssw0rd p@ssw0rd1 p@ssw0rd123 p@ssword p@ssword1 p@ssword123 pa$$w0rd
        pa$$word packers1 palmeiras palmeiras1 panther1 paris123 pass1234 pass12345 pass123456
        pass@123 pass@1234 passpass passpass1 passw0rd passw0rd! passw0rd1 passw0rd123 password
        password! password#1 password. password0 password00 password01 password1 password1!
        password10 password11 password12 password12! password123 password123! password1234
        password12345 password123456 password2 password22 password3 password4 password5
        password6 password7 password8 password9 password99 password@1 password@123
        passwordpassword passwords passwort passwort1 passwort123 patricia patricia1 patriots
        peanut123 penguin1 phoenix1 pikachu1 pineapple playboy1 pokemon1 pokemon123 porsche1
        portugal precious precious1 princesa princesa1 princess princess1 princess123 pussycat
        q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123 qazwsxedc qazwsxedcrfv qwe12345 qwe123qwe
        qweasd123 qweasdzxc qweasdzxc123 qweqweqwe qwer1234 qwert123 qwert1234 qwert12345
        qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyui qwertyuiop
        qwertyuiop123 qwertz123 qwertzui qwertzuiop raiders1 rainbow1 rainbow123 realmadrid
        redbull1 redskins remember remember1 ricardo1 rodrigo1 root1234 rootroot salesperson
        salesperson1 salesperson123 samantha samantha1 samsung1 samsung123 santos123 saopaulo
        saopaulo1 scooter1 secret12 secret123 secret1234 senha123 senha1234 senha12345 senha@123
        september september1 sexysexy shadow12 shadow123 shadow1234 skateboard slipknot
        slipknot1 smile123 snickers snickers1 soccer12 soccer123 softball softball1 soleil123
        spiderman spiderman1 spiritual spring2024 spring2025 spring2026 starlight startrek
        starwars starwars1 steelers steelers1 stephanie stephanie1 strawberry summer123
        summer2023 summer2024 summer2025 summer2026 sunflower sunflower1 sunshine sunshine1
        sunshine123 superadmin superman superman1 superman123 superuser supervisor supervisor1
        supervisor123 sweetheart swordfish teamo123 telecom1 telecom123 telecomcarrier temp1234
        temporary temppass tequiero tequiero1 terminator test1234 test12345 test123456 teste123
        teste1234 tester123 testing1 testing123 testtest thepassword thunder1 tigger12 toortoor
        topsecret trustno1 twitter1 unicorn1 user1234 user12345 username username1 usuario1
        usuario123 vasco123 veronica victoria victoria1 volleyball warrior1 welcome! welcome1
        welcome1! welcome12 welcome123 welcome2 welcome2023 welcome2024 welcome2025 welcome2026
        welcome@123 whatever whatever1 whocares windows1 winter123 winter2023 winter2024
        winter2025 winter2026 wolverine wordpass xxxxxxxx yamaha123 yankees1 yourpassword
        youtube1 zaq12wsx zaq1@wsx zaq1xsw2 zaq1zaq1 zxcvbnm, zxcvbnm,./ zxcvbnm1 zxcvbnm123
        zxczxczxc zzzzzzzz
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
