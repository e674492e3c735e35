/**
 * Ends of files that a system or a browser runs, installs, mounts or opens as a page when somebody double-clicks them: as Windows, Outlook and Chromium list
 * them, and what macOS and Linux have besides. A page of a stranger could send the photo in it to anybody, which no plugin may.
 */
const RUN = new Set(
  [
    // Programs, scripts and links of Windows
    'exe com bat cmd pif scr cpl lnk url scf inf ins isp reg hta msc msi msp mst msix msixbundle appx appxbundle appinstaller application gadget',
    'ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 vb vbe vbs vbscript vbp ws wsc wsf wsh sct shb shs js jse mjs cjs jsx bas hlp chm',
    'dll ocx sys drv efi xll xbap diagcab diagcfg diagpkg theme themepack desktopthemepack rdp cab job grp website appcontent',
    // Documents that bring programs, and databases that run them
    'docm dotm xlsm xltm xlam xla xlsb pptm potm ppam ppsm sldm ade adp adn mdb mda mde mdt mdw mdz accda accdb accde accdr one onepkg iqy slk',
    // Pages and drawings with scripts
    'html htm xhtml xhtm xht shtml shtm mht mhtml svg svgz xml xsl xslt xul swf htc php asp aspx jsp cgi eml msg',
    // Programs, scripts and links of macOS and Linux
    'app command tool action workflow scpt scptd applescript osascript terminal webloc inetloc fileloc mobileconfig pkg mpkg dmg ipa prefpane saver kext dylib',
    'bundle framework sh bash zsh csh ksh fish run desktop appimage deb rpm snap flatpak flatpakref flatpakrepo service so ko out elf apk aab xapk',
    // Languages whose files are run by a double click where the language is installed, packages of extensions
    'py pyw pyc pyo pyz pyzw pl pm rb tcl lua jar jnlp class war ahk au3 crx xpi vsix nupkg wasm',
    // Disks, which hide where their files came from; certificates
    'iso img vhd vhdx vmdk udf cer crt der pfx p12 p7b p7c pem',
  ]
    .join(' ')
    .split(' '),
);

/** Whether a file of that suffix is one that programs open and nothing runs. All formats that nobody runs are open to plugins, also new ones. */
export function isSafeSuffix(suffix: string): boolean {
  return !RUN.has(suffix.slice(suffix.lastIndexOf('.') + 1).toLowerCase());
}
